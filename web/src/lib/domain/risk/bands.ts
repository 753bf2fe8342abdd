import type { Band } from '$lib/api/types';

/** The worst first. */
export const BANDS = ['critical', 'high', 'medium', 'low'] as const satisfies Band[];
/** Where each but the lowest begins. */
export const EDGES = [30, 50, 70] as const;
/** A band of an answer, which names it in words. */
export const bandOf = (text: string): Band => BANDS.find((band) => band === text) ?? 'low';
/** Which shape and colour stand for a band. */
export const level = (band: string): 'r1' | 'r2' | 'r3' | 'r4' => ({ critical: 'r4', high: 'r3', medium: 'r2', low: 'r1' } as const)[bandOf(band)];

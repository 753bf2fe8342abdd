// Which icon stands for which kind. A kind without its own takes its parent's: new kinds need no change here.

import type { Labels } from '$lib/api/types';
import type { IconName } from '$lib/ui/icons';

const ICONS: Record<string, IconName> = {
	infusion_pump: 'pump',
	therapy_device: 'medical',
	ventilator: 'vent',
	anesthesia_machine: 'vent',
	patient_monitoring: 'monitor',
	ecg_device: 'ecg',
	fetal_monitor: 'ecg',
	imaging_modality: 'imaging',
	laboratory_device: 'lab',
	nurse_call: 'call',
	medical_device: 'medical',
	medical_gateway: 'vendor',
	medical_system: 'server',
	pacs_archive: 'archive',
	dicom_printer: 'printer',
	imaging_workstation: 'pc',
	network_device: 'net',
	access_point: 'wifi',
	time_server: 'clock',
	printer: 'printer',
	camera: 'camera',
	building_system: 'building',
	ups: 'plug',
	pdu: 'plug',
	computer: 'pc',
	server: 'server',
	storage: 'archive',
	mobile_device: 'mobile',
	barcode_reader: 'mobile',
	voip_phone: 'phone',
	office_device: 'pc',
	iot_device: 'wifi'
};

export function iconOf(kind: string | null, labels: Labels | null): IconName {
	let at: string | null = kind;
	for (let steps = 0; at && steps < 12; steps += 1) {
		const icon = ICONS[at];
		if (icon) return icon;
		at = labels?.categories[at]?.parent ?? null;
	}
	return 'unknown';
}

// Who is signed in, and what they may do. The server decides; this only spares people a refused call.

import { goto } from '$app/navigation';
import * as api from '$lib/api/client';
import type { Labels, Permission, Role, Session } from '$lib/api/types';
import { paths } from '$lib/paths';

class SignedIn {
	current = $state<Session | null>(null);
	labels = $state.raw<Labels | null>(null);
	proof = '';

	may(what: Permission): boolean {
		return this.current?.permissions.includes(what) ?? false;
	}
	/** The roles that have a permission, in words: for saying whom to ask. */
	who(what: Permission): string {
		const roles = Object.values(this.labels?.people_roles ?? {});
		return roles
			.filter((role) => role.permissions.includes(what))
			.map((role) => role.label)
			.join(', ');
	}
	roleLabel(role: Role): string {
		return this.labels?.people_roles[role]?.label ?? role;
	}
	/** Asks the server who this is. Throws a `Problem` with status 401 if nobody. */
	async load(): Promise<void> {
		// Whoever has to choose a password first is refused everything else.
		const current = await api.session();
		if (!current.must_change) this.labels ??= await api.labels();
		this.current = current;
	}
	/** `proof` is what they signed in with: nobody is asked for it again while they choose a password. */
	async taken(session: Session, proof = ''): Promise<void> {
		this.proof = session.must_change ? proof : '';
		if (!session.must_change) this.labels = await api.labels();
		this.current = session;
	}
	async leave(everywhere = false): Promise<void> {
		await (everywhere ? api.signOutEverywhere() : api.signOut());
		this.current = null;
		this.proof = '';
		await goto(paths.signIn());
	}
	/** The server no longer knows the session: sign in, then come back here. */
	ended(): void {
		if (location.pathname.startsWith(paths.signIn())) return;
		this.current = null;
		void goto(paths.signIn(location.pathname + location.search));
	}
}

export const session = new SignedIn();
api.onSignedOut(() => session.ended());

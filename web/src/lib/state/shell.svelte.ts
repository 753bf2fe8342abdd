// What the shell has open over the page.

class Shell {
	findOpen = $state(false);
	keysOpen = $state(false);
}

export const shell = new Shell();

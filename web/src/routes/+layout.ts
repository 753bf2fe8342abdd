// Static pages: the server that holds the data writes no HTML.
export const ssr = false;
export const prerender = false;

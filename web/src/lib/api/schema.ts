// Made by `npm run schema` from docs/openapi.json. Not to be edited.

export interface paths {
    "/api/v1/advisories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The advisories that fit, those about most devices first. */
        get: {
            parameters: {
                query?: {
                    /** @description Words that stand in identifier, title, products or vulnerabilities. */
                    q?: string;
                    /** @description What they say of the devices that are here. */
                    verdict?: "here" | "affected" | "undetermined" | "not_affected" | "all";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AdvisoryList"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/advisories/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An advisory, and what it says of the devices that are here. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AdvisoryDetail"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not Found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What people did, the newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description Before this one. */
                    before?: number;
                    /** @description How many, at most 1,000. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AuditList"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What became different, the newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description Before this one: what the page before named as `next`. */
                    before?: number;
                    /** @description Of this device. */
                    device?: string;
                    /** @description How many, at most 1,000. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ChangeList"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/corrections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything that people said, the newest first. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CorrectionList"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far the picture can be believed. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Coverage"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of the devices that fit. */
        get: {
            parameters: {
                query?: {
                    /** @description What the page before named as `next`. */
                    cursor?: string;
                    /** @description The first row, from 0. */
                    from?: number;
                    /** @description How many rows, at most 1,000. */
                    limit?: number;
                    /** @description The filter, as in `kind:ct_scanner state:tentative siemens`. */
                    q?: string;
                    /** @description The order, as in `-last,name`. */
                    sort?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeviceList"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unprocessable Entity */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A device in full. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeviceDetail"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not Found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}/corrections/{attribute}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Confirms or corrects an attribute of a device. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    attribute: string;
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Said"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Correction"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not Found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Request Timeout */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Conflict */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Payload Too Large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unsupported Media Type */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unprocessable Entity */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        /** Takes back what was said of an attribute of a device. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    attribute: string;
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not Found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What went on with a device: by the hour for a week, by the day before. */
        get: {
            parameters: {
                query?: {
                    /** @description Days before the newest moment that anything was seen; 7 if nothing is said. */
                    days?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["HistoryList"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not Found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}/risk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Risk of a device, and why. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeviceRisk"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not Found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Conflict */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}/risk/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decides about a finding on a device, in place of what was decided about it before. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Decide"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Decision"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not Found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Request Timeout */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Conflict */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Payload Too Large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unsupported Media Type */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unprocessable Entity */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}/risk/decisions/{decision}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes back what was decided. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    decision: string;
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not Found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}/risk/path": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How an attacker comes to a device, and how far from it. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AttackPaths"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not Found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Conflict */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unprocessable Entity */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}/risk/what-if": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Risk of a device if something were changed. Nothing is. */
        get: {
            parameters: {
                query?: {
                    /** @description Names of changes, with commas between them, as the risk of the device offers them. */
                    do?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WhatIf"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not Found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Conflict */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unprocessable Entity */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}/why/{attribute}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why an attribute of a device is what it is. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    attribute: string;
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Why"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not Found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The devices that fit, as a file. */
        get: {
            parameters: {
                query?: {
                    /** @description The form. */
                    format?: "csv" | "json";
                    /** @description The filter. */
                    q?: string;
                    /** @description The order. */
                    sort?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Exported"][];
                        "text/csv": string;
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unprocessable Entity */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What can be started in the synthetic hospital, and what was. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DrillList"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Starts an attack in the synthetic hospital. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewDrill"];
                };
            };
            responses: {
                /** @description Accepted */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Run"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Request Timeout */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Conflict */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Payload Too Large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unsupported Media Type */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unprocessable Entity */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too Many Requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happens, as it happens. Goes on after `Last-Event-ID`. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/feeds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What there is of each feed, and how old it is. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FeedList"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Brings a file of outside knowledge: it is recognised by what is in it. Of a file of which any part is broken nothing is taken. */
        post: {
            parameters: {
                query: {
                    /** @description The name of the file. */
                    name: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/octet-stream": string;
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Brought"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Payload Too Large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unprocessable Entity */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/first": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is Cordon new, and is this it? */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["First"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Signs in for the first time, with the secret that was printed. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SignInFirst"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Request Timeout */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Conflict */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Payload Too Large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unsupported Media Type */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unprocessable Entity */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too Many Requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What went on between whom, by the hour for a week and by the day before, as CSV. */
        get: {
            parameters: {
                query?: {
                    /** @description Days before the newest moment that anything was seen; 7 if nothing is said. */
                    days?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/csv": string;
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every import, the newest first. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ImportList"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Brings a capture: pcap or pcapng, plain or compressed with gzip or zstd. It is read while others go on. */
        post: {
            parameters: {
                query: {
                    /** @description The name of the file. */
                    name: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/octet-stream": string;
                };
            };
            responses: {
                /** @description Accepted */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Import"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Conflict */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Payload Too Large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unprocessable Entity */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too Many Requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Insufficient Storage */
                507: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far an import is. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Import"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not Found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Gives an import up. What was read of it until then stays. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not Found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Conflict */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/map": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who talks to whom. */
        get: {
            parameters: {
                query?: {
                    /** @description What devices are grouped by. */
                    group?: "zone" | "kind" | "subnet" | "place";
                    /** @description The filter. */
                    q?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MapData"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is here, how sure, what is new, what is not seen. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Overview"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody who may sign in. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PersonList"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Lets somebody in, with a secret that they change at once. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewPerson"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Added"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Request Timeout */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Conflict */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Payload Too Large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unsupported Media Type */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unprocessable Entity */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes a role, shuts somebody out, or lets them in again; signs them out everywhere. */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PersonChange"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Person"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not Found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Request Timeout */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Conflict */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Payload Too Large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unsupported Media Type */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unprocessable Entity */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        trace?: never;
    };
    "/api/v1/people/{name}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives somebody a new secret that they change at once; signs them out everywhere. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Secret"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Not Found */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What to do first under a budget. */
        get: {
            parameters: {
                query?: {
                    /** @description Person-days, at most 10,000. */
                    days?: number;
                    /** @description Hours in which devices may stand still in all, at most 10,000. */
                    downtime?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Plan"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unprocessable Entity */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plan/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The plan as work orders, one line each. */
        get: {
            parameters: {
                query?: {
                    /** @description Person-days, at most 10,000. */
                    days?: number;
                    /** @description Hours in which devices may stand still in all, at most 10,000. */
                    downtime?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/csv": string;
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Conflict */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unprocessable Entity */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/questions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What only a person knows. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Questions"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/risk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Risk at a glance. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RiskOverview"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/risk/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything that was decided, the newest first. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DecisionList"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/risk/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Risk of groups of devices. */
        get: {
            parameters: {
                query?: {
                    /** @description What devices are grouped by. */
                    by?: "kind" | "model" | "unit" | "network";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RiskGroups"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Conflict */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in? */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Signs in. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SignIn"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Request Timeout */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Payload Too Large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unsupported Media Type */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unprocessable Entity */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too Many Requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Signs out. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/everywhere": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Signs out everywhere. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Chooses another password; signs out everywhere else. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewPassword"];
                };
            };
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Request Timeout */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Conflict */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Payload Too Large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unsupported Media Type */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unprocessable Entity */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Too Many Requests */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How Cordon works here. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Settings"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Changes how Cordon works here. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Settings"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Settings"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Request Timeout */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Payload Too Large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unsupported Media Type */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unprocessable Entity */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The views of whoever asks, and those that others share. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ViewList"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/views/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Keeps a view. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewView"];
                };
            };
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SavedView"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Request Timeout */
                408: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Conflict */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Payload Too Large */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unsupported Media Type */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unprocessable Entity */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        post?: never;
        /** Lets go of a view of one's own. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description No Content */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Service Unavailable */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/words": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What people read of everything that has an identifier. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Words"];
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures for Prometheus. Names and addresses of devices are not among them. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description OK */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description Bad Request */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Unauthorized */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Forbidden */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Internal Server Error */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Somebody who was let in. */
        Added: {
            person: components["schemas"]["Person"];
            /** @description With which they sign in once; shown once. */
            secret: string;
        };
        /** @description An address. */
        AddressView: {
            /** @description Whether ARP, NDP or DHCP tied it to the card. */
            bound: boolean;
            /** @description First seen. */
            first: string;
            /** @description The address. */
            ip: string;
            /** @description Last seen. */
            last: string;
        };
        /** @description An advisory in full. */
        AdvisoryDetail: components["schemas"]["AdvisoryRow"] & {
            /** @description The vulnerabilities. */
            cves: components["schemas"]["AdvisoryVulnerability"][];
            /** @description What it says of devices that are here. */
            findings: components["schemas"]["AdvisoryFinding"][];
            /** @description All of those. */
            findings_total: number;
            /** @description What helps, each text once. */
            remedies: components["schemas"]["Remedy"][];
            /** @description The statements on products, as they are written. */
            statements: string[];
        };
        /** @description What an advisory says of a device. */
        AdvisoryFinding: {
            /** @description What would have to be known. */
            asks: string[];
            /** @description The vulnerability. */
            cve: string;
            /** @description The device. */
            device: string;
            /** @description What it is called. */
            name: string;
            /** @description The statement, as it is written. */
            statement: string;
            /** @description How sure the product is the device. */
            tier: string;
            /**
             * @description `affected`, `not_affected` or `undetermined`.
             * @enum {string}
             */
            verdict: "affected" | "not_affected" | "undetermined";
        };
        /** @description Advisories. */
        AdvisoryList: {
            /** @description Those that fit, in rows; the most devices first. */
            items: components["schemas"]["AdvisoryRow"][];
            /** @description All that are known. */
            known: number;
            /** @description Those that fit. */
            total: number;
        };
        /** @description An advisory in one row. */
        AdvisoryRow: {
            /** @description Devices that it says are affected. */
            affected: number;
            /** @description Those of them that are used in attacks. */
            exploited: number;
            /** @description Its identifier. */
            id: string;
            /** @description Devices that it says are not affected. */
            not_affected: number;
            /** @description Who says it. */
            publisher: string;
            /** @description When it came out. */
            released: string;
            /** @description Its title. */
            title: string;
            /** @description Devices of which nobody can say. */
            undetermined: number;
            /** @description When it was changed last. */
            updated: string;
            /** @description Where to read it. */
            url: string | null;
            /** @description Vulnerabilities that it names. */
            vulnerabilities: number;
            /**
             * Format: double
             * @description The highest CVSS base score, 0 to 10.
             */
            worst: number | null;
        };
        /** @description A vulnerability that an advisory names. */
        AdvisoryVulnerability: {
            /** @description Its number. */
            cve: string;
            cvss: components["schemas"]["Severity"] | null;
            /**
             * Format: double
             * @description How likely it is used within 30 days, 0 to 1.
             */
            epss: number | null;
            exploited: components["schemas"]["Exploited"] | null;
            /** @description What it is called. */
            title: string | null;
        };
        /** @description An answer. */
        Answer: {
            /** @description What people read. */
            label: string;
            /** @description What is then confirmed. */
            value: string;
        };
        /** @description How an attacker comes to a device, and how far from it. */
        AttackPaths: {
            /** @description The likeliest way from each entry, the likeliest first. */
            paths: components["schemas"]["Way"][];
            /**
             * Format: double
             * @description Other devices that are to be expected to be taken over from it.
             */
            reaches: number;
            /**
             * Format: double
             * @description Medical ones among them.
             */
            reaches_medical: number;
            /**
             * Format: double
             * @description In which share of the draws it is taken over.
             */
            taken_over: number | null;
        };
        /** @description An attack in words. */
        AttackWords: {
            /** @description What is done. */
            does: string;
            /** @description Identifier. */
            id: string;
            /** @description What a hospital needs to have for it. */
            needs: string;
            /** @description Techniques of MITRE ATT&CK. */
            techniques: string[];
            /** @description What it is called. */
            title: string;
        };
        /** @description An attribute and its values. */
        AttributeView: {
            /**
             * @description `identity`, `clinical` or `network`.
             * @enum {string}
             */
            group: "identity" | "clinical" | "network";
            /** @description Identifier. */
            id: string;
            /** @description What people read. */
            label: string;
            /** @description What is said; nothing if it is unknown. */
            values: components["schemas"]["OneView"][];
        };
        /** @description A page of what people did. */
        AuditList: {
            items: components["schemas"]["AuditRow"][];
            /**
             * Format: int64
             * @description Ask for what follows with this.
             */
            next: number | null;
        };
        /** @description A line of what people did, with its place. */
        AuditRow: {
            by: string;
            /** Format: int64 */
            id: number;
            text: string;
            /** Format: date-time */
            time: string;
        };
        /** @description How many devices there are in each band. */
        Bands: {
            /** @description Critical. */
            critical: number;
            /** @description High. */
            high: number;
            /** @description Low. */
            low: number;
            /** @description Medium. */
            medium: number;
        };
        /** @description A time in which nobody could hear. */
        Blind: {
            /** @description From when. */
            from: string;
            /** @description Until when. */
            to: string;
        };
        /** @description What became of one file that somebody brought. */
        Brought: {
            /** @description Whether it was there already. */
            known: boolean;
            /** @description What of it was left out, the first notes. */
            notes: string[];
        };
        /** @description A kind of device. */
        CategoryWords: {
            label: string;
            /** @description Whether it serves patients. */
            medical: boolean;
            /** @description What it is a kind of. */
            parent: string | null;
        };
        /** @description One cause of a score. */
        Cause: {
            /** @description What it was told from. */
            from: string;
            /** @description Whether nobody looked: such devices often have it. */
            is_guess: boolean;
            /** @description What people read. */
            label: string;
            /** @description What it is, by identifier. */
            name: string;
            /**
             * @description `susceptibility`, `exposure`, `host`, `incident` or `impact`.
             * @enum {string}
             */
            part: "susceptibility" | "exposure" | "host" | "incident" | "impact";
            /**
             * Format: double
             * @description Its share of the part, 0 to 1.
             */
            share: number;
            /** @description The numbers whose product it is, for vulnerabilities. */
            terms: components["schemas"]["Term"][];
            /**
             * Format: double
             * @description Its probability; of controls what is left behind them.
             */
            value: number;
        };
        /** @description A device became different. */
        Change: {
            /** @description The device; empty if it is several. */
            device: string;
            /**
             * Format: int64
             * @description Its place in the log.
             */
            id?: number;
            /** @description What sort of change. */
            kind: components["schemas"]["ChangeKind"];
            /** @description What it is called. */
            name: string;
            /** @description What changed, in words. */
            text: string;
            /**
             * Format: date-time
             * @description When it was noticed, RFC 3339.
             */
            time: string;
        };
        /**
         * @description What became different.
         * @enum {string}
         */
        ChangeKind: "new" | "moved" | "silent" | "returned" | "identity" | "conflict" | "corrected";
        /** @description A page of changes. */
        ChangeList: {
            items: components["schemas"]["Change"][];
            /**
             * Format: int64
             * @description Ask for what follows with this.
             */
            next: number | null;
        };
        /** @description A change that could be made. */
        Choice: {
            /**
             * Format: double
             * @description What it does to the score beside what is chosen already; less is better.
             */
            delta: number;
            /** @description Its name, for `do` of what if. */
            id: string;
            /** @description What to do, in words. */
            label: string;
            /**
             * Format: double
             * @description The work, in person-days.
             */
            person_days: number;
        };
        /** @description What is said of one attribute, and how sure that is. */
        Claim: {
            /**
             * Format: double
             * @description Probability, 0 to 1.
             */
            confidence: number;
            /** @description What people read. */
            label: string;
            /**
             * @description `confirmed`, `probable`, `tentative` or `unknown`.
             * @enum {string}
             */
            state: "confirmed" | "probable" | "tentative" | "unknown";
            /** @description The value; for kinds their identifier. Nothing if it is unknown. */
            value: string | null;
        };
        /** @description A device that an action concerns. */
        Concerned: {
            /** @description Its identifier. */
            id: string;
            /** @description What it is called. */
            name: string;
        };
        /** @description Claims that cannot hold together. */
        ConflictView: {
            /** @description The attribute, or `address`. */
            attribute: string;
            /** @description In words. */
            text: string;
            /** @description The claims. */
            values: string[];
        };
        /** @description What a person said of one attribute of a device. */
        Correction: {
            /**
             * Format: date-time
             * @description When, RFC 3339.
             */
            at: string;
            /** @description What was said of it. */
            attribute: string;
            /** @description What was concluded then. */
            before: string | null;
            /** @description Who. */
            by: string;
            /** @description The device. */
            device: string;
            /** @description What it was called then. */
            device_name: string;
            /** @description What people read of that. */
            label: string;
            /** @description Why the person knows. */
            reason: string;
            /** @description What the device was recognised by then. */
            recognised?: components["schemas"]["Recognition"];
            /** @description A rule that would have said so, as in the files of the knowledge, if one can be proposed. */
            rule: string | null;
            /** @description What is true. */
            value: string;
        };
        /** @description Everything that people said. */
        CorrectionList: {
            items: components["schemas"]["CorrectionRow"][];
        };
        /** @description What a person said, and whom it is of now. */
        CorrectionRow: components["schemas"]["Correction"] & {
            /**
             * @description The device that it is of now: another identifier where the device is known by another; none while it is not seen, or
             *     in doubt.
             */
            applies_to?: string | null;
            /** @description Why nobody knows whether it is still true, in words. */
            doubt?: string | null;
        };
        /** @description Everything that says how far the picture can be believed. */
        Coverage: {
            /**
             * Format: int64
             * @description Batches that are kept and not shown yet.
             */
            behind: number;
            /** @description When no card could hear, the newest first. */
            blind: components["schemas"]["Blind"][];
            /** @description What became of the frames. */
            frames: components["schemas"]["FrameCounts"];
            /** @description What is known before the first packet. */
            knowledge: components["schemas"]["KnowledgeRow"];
            /** @description What a limit turned away. */
            limits: components["schemas"]["Limit"][];
            /** @description Frames and losses of the last hour, a minute each, the newest last. */
            loss: components["schemas"]["Loss"][];
            /** @description What whoever runs Cordon has to know. */
            notes: string[];
            /** @description Connections of which one direction was seen. */
            one_way: components["schemas"]["OneWay"];
            /** @description Cards and captures. */
            sensors: components["schemas"]["SourceRow"][];
            /** @description Whether what is acknowledged can be kept. */
            store: components["schemas"]["StoreState"];
            /** @description Address ranges with devices. */
            subnets: components["schemas"]["SubnetRow"][];
            unseen: components["schemas"]["Unseen"] | null;
        };
        /** @description What a person decides. */
        Decide: {
            /** @description The number of a vulnerability, or a weakness, that the device has. */
            about: string;
            /** @description What. */
            kind: components["schemas"]["DecisionKind"];
            /** @description Who answers for it. */
            owner: string;
            /** @description Why. */
            reason: string;
            /** @description Until which day, as in `2027-05-31`, at most a year from now. */
            until: string;
            /** @description How it was verified that something holds it back; without it a mitigation does not count. */
            verified?: string | null;
        };
        /** @description What a person decided about one finding on a device. */
        Decision: {
            /** @description The number of a vulnerability, or a weakness. */
            about: string;
            /**
             * Format: date-time
             * @description When, RFC 3339.
             */
            at: string;
            /** @description Who said so. */
            by: string;
            /** @description The device. */
            device: string;
            /** @description What it was called then. */
            device_name: string;
            /** @description Its name. */
            id: string;
            /** @description What was decided. */
            kind: components["schemas"]["DecisionKind"];
            /** @description Who answers for it. */
            owner: string;
            /** @description Why. */
            reason: string;
            /** @description What the device was recognised by then. */
            recognised?: components["schemas"]["Recognition"];
            /**
             * Format: date-time
             * @description Until when, RFC 3339.
             */
            until: string;
            /** @description How it was verified that something holds it back, if it was. */
            verified: string | null;
        };
        /**
         * @description What was decided.
         * @enum {string}
         */
        DecisionKind: "accepted" | "mitigated" | "false_positive";
        /** @description Everything that was decided. */
        DecisionList: {
            items: components["schemas"]["DecisionRow"][];
        };
        /** @description A decision, and whether it is in force. */
        DecisionRow: components["schemas"]["Decision"] & {
            /** @description Why it does not count although its time is not over, in words. */
            doubt?: string | null;
            /** @description Whether its time is over. */
            is_over: boolean;
        };
        /** @description How many devices. */
        DeviceCounts: {
            /** @description All. */
            all: number;
            /** @description Those with claims that contradict each other. */
            conflicts: number;
            /** @description Those that serve patients. */
            medical: number;
            /** @description Those first seen in the last 24 hours of what was seen. */
            new_day: number;
        };
        /** @description A device in full. */
        DeviceDetail: {
            /** @description What is known, in the order to show; what is not known too. */
            attributes: components["schemas"]["AttributeView"][];
            behind: components["schemas"]["Peer"] | null;
            /** @description What changed, the newest first. */
            changes: components["schemas"]["Change"][];
            /** @description Claims that cannot hold together. */
            conflicts: components["schemas"]["ConflictView"][];
            /** @description What people said of it. */
            corrections: components["schemas"]["CorrectionRow"][];
            /** @description Whom it talks with, the busiest first. */
            flows: components["schemas"]["FlowView"][];
            /** @description How many flows there are. */
            flows_total: number;
            /** @description What is known through it. */
            fronts: components["schemas"]["Peer"][];
            /** @description Network cards and addresses. */
            interfaces: components["schemas"]["InterfaceView"][];
            /** @description What it does for others. */
            roles: components["schemas"]["RoleView"][];
            /** @description As in lists. */
            row: components["schemas"]["DeviceRow"];
            /** @description What makes it easy to attack. */
            weaknesses: components["schemas"]["WeaknessView"][];
        };
        /** @description A page of devices. */
        DeviceList: {
            /** @description All devices. */
            all: number;
            /** @description The newest moment that anything was seen. */
            as_of: string | null;
            /** @description What could be chosen. */
            facets: components["schemas"]["Facet"][];
            /** @description The rows. */
            items: components["schemas"]["DeviceRow"][];
            /** @description Ask for what follows with this. */
            next: string | null;
            /** @description What of the filter could not be read, in words. */
            problem: string | null;
            /** @description Devices that fit the filter. */
            total: number;
            /**
             * Format: int64
             * @description The conclusion that this is from.
             */
            version: number;
        };
        /** @description The risk of one device. */
        DeviceRisk: {
            /** @description The newest moment that anything was seen. */
            as_of: string | null;
            /** @description What would bring it into the band below, in words. */
            becomes: string | null;
            /** @description Its kind, by identifier. */
            category: string | null;
            /** @description Why. */
            causes: components["schemas"]["Cause"][];
            /** @description What was decided. */
            decisions: components["schemas"]["DecisionRow"][];
            /** @description The device. */
            device: string;
            /** @description What advisories say, the surest first. */
            findings: components["schemas"]["RiskFinding"][];
            /** @description Whether it tells its model: else no advisory can be held against it. */
            is_named: boolean;
            /** @description What it is called. */
            name: string;
            /** @description What could be done, the most helpful first. */
            options: components["schemas"]["Choice"][];
            /** @description The numbers that the score is made of. */
            parts: components["schemas"]["Parts"];
            /** @description Its rank. */
            rank: components["schemas"]["Rank"];
            /** @description How risky it is. */
            spread: components["schemas"]["Spread"];
            /** @description What SSVC says. */
            ssvc: components["schemas"]["Ssvc"];
            /** @description From the worst case to the score. */
            steps: components["schemas"]["ScoreStep"][];
            /** @description The version of the model's numbers. */
            tables: string;
            /** @description The same as `cordon why DEVICE risk` prints it. */
            text: string;
        };
        /** @description A device in one row. */
        DeviceRow: {
            /** @description The address that people know it by. */
            address: string | null;
            /** @description How many addresses it has. */
            addresses: number;
            /** @description The device that it is known through. */
            behind: string | null;
            /**
             * Format: int64
             * @description Bytes sent and received.
             */
            bytes: number;
            /** @description Claims that cannot hold together. */
            conflicts: number;
            /** @description Whether a person said something of it. */
            corrected: boolean;
            /** @description The product family. */
            family: components["schemas"]["Claim"];
            /** @description First seen. */
            first: string | null;
            /** @description Whether it forwards for others. */
            gateway: boolean;
            /** @description How it calls itself in the network. */
            hostname: string | null;
            /** @description Stays the same. */
            id: string;
            /** @description What it is. */
            kind: components["schemas"]["Claim"];
            /** @description Last seen. */
            last: string | null;
            /** @description Its first hardware address. */
            mac: string | null;
            /** @description Whether it serves patients, as far as is asserted. */
            medical: boolean;
            /** @description The model. */
            model: components["schemas"]["Claim"];
            /** @description What people call it. */
            name: string;
            /** @description Devices and outside addresses that it talks with. */
            peers: number;
            /** @description Care unit or place, as far as is known. */
            place: string | null;
            risk: components["schemas"]["RowRisk"] | null;
            /** @description What it does for others, by identifier. */
            roles: string[];
            /**
             * @description `heard`; `silent` if it was not seen for long; `blind` if it was not seen for long and a sensor could not hear then.
             * @enum {string}
             */
            silence: "heard" | "silent" | "blind";
            /** @description The software version. */
            software: components["schemas"]["Claim"];
            /** @description The range of addresses that it lies in (/24 or /64: masks are not known). */
            subnet: string | null;
            /** @description Who made it. */
            vendor: components["schemas"]["Claim"];
            /** @description VLANs it was seen in. */
            vlans: number[];
            /** @description How many weaknesses it showed. */
            weaknesses: number;
        };
        /** @description Where SSVC and the band differ. */
        Differences: {
            /** @description Devices of which it asks for less. */
            less: number;
            /** @description Devices of which SSVC asks for more. */
            more: number;
        };
        /** @description What can be started, and what was. */
        DrillList: {
            /** @description Every attack. */
            attacks: components["schemas"]["AttackWords"][];
            hospital: components["schemas"]["Playing"] | null;
            /** @description Those that were started, the newest first. */
            runs: components["schemas"]["Run"][];
        };
        /** @description One rule that spoke. */
        EvidenceView: {
            /** @description Further fields. */
            also: components["schemas"]["SaidView"][];
            /** @description The capture of the first occasion. */
            capture: string;
            /**
             * Format: int64
             * @description Occasions.
             */
            count: number;
            /**
             * Format: double
             * @description What it added, in decibans.
             */
            counted_db: number;
            /** @description Its family. */
            family: string;
            /** @description What people read of the family. */
            family_label: string;
            /** @description The field that decided. */
            field: string;
            /** @description First occasion. */
            first: string;
            /**
             * Format: int64
             * @description The frame of the first occasion.
             */
            frame: number;
            /** @description Last occasion. */
            last: string;
            /** @description The rule. */
            rule: string;
            /** @description Where the rule was learnt. */
            source: string;
            /** @description What it said. */
            value: string;
            /**
             * Format: double
             * @description By itself, in decibans.
             */
            weight_db: number;
        };
        /** @description That a vulnerability is used in attacks (CISA's catalogue). */
        Exploited: {
            /** @description When it was added. */
            added: string;
            /** @description Whether ransomware is known to use it. */
            by_ransomware: boolean;
        };
        /** @description A device as `cordon analyze --format json` writes it. */
        Exported: Record<string, never>;
        /** @description What could be chosen of one field. */
        Facet: {
            /** @description The field of the filter. */
            id: string;
            /** @description What people read. */
            label: string;
            /** @description Values that are not shown. */
            more: number;
            /** @description Values with counts under the other fields' filters, the most frequent first. */
            values: components["schemas"]["FacetValue"][];
        };
        /** @description A value that could be chosen. */
        FacetValue: {
            /** @description Devices. */
            count: number;
            /** @description What people read. */
            label: string;
            /** @description As the filter takes it. */
            value: string;
        };
        /** @description What there is of each feed. */
        FeedList: {
            items: components["schemas"]["FeedState"][];
        };
        /** @description What there is of one feed, and whether it is old. */
        FeedState: {
            /**
             * Format: int64
             * @description Days since then; below 0 where it lies in the future.
             */
            age_days: number | null;
            /**
             * Format: int64
             * @description Documents.
             */
            documents: number;
            /**
             * Format: int64
             * @description Entries in them.
             */
            facts: number;
            /** @description Which feed. */
            feed: string;
            /** @description Whether it is older than such a feed ought to be, or from the future. */
            is_stale: boolean;
            /** @description The newest date that one of them states. */
            newest: string | null;
            /** @description What it is. */
            title: string;
        };
        /** @description Whether Cordon is new. */
        First: {
            /** @description SHA-256 of the certificate: compare it with what was printed at the start. */
            fingerprint: string;
            /** @description Whether nobody has signed in yet: then the secret that was printed opens it. */
            open: boolean;
            /** @description The name of the hospital or site. */
            site: string;
            /** @description Whether what it shows comes from a synthetic hospital. */
            synthetic: boolean;
            /** @description The version of Cordon. */
            version: string;
        };
        /** @description Whom a device talks with, for what, how often. */
        FlowView: {
            /**
             * Format: int64
             * @description Connections that were answered.
             */
            answered: number;
            /** @description The application protocol, if recognised. */
            application: string | null;
            /**
             * Format: int64
             * @description Bytes back.
             */
            bytes_received: number;
            /**
             * Format: int64
             * @description Bytes towards the responder.
             */
            bytes_sent: number;
            /**
             * Format: int64
             * @description Connections.
             */
            connections: number;
            /** @description Days with traffic. */
            days: number;
            /**
             * @description `out` if the device opens the connections, else `in`.
             * @enum {string}
             */
            direction: "out" | "in";
            /** @description First packet. */
            first: string;
            /** @description Hours of the week with traffic (UTC): 0 is Monday 00:00. */
            hours_of_week: number[];
            /**
             * Format: int32
             * @description IP protocol number.
             */
            ip_protocol: number;
            /** @description Last packet. */
            last: string;
            /** @description How often each operation was seen. */
            operations: {
                [key: string]: number;
            };
            /** @description The other end. */
            peer: components["schemas"]["Peer"];
            /**
             * Format: int32
             * @description The responder's port.
             */
            port: number | null;
        };
        /** @description What became of the frames. */
        FrameCounts: {
            /**
             * Format: int64
             * @description Frames that were looked into.
             */
            decoded: number;
            /**
             * Format: int64
             * @description Frames that were lost.
             */
            lost: number;
            /**
             * Format: int64
             * @description Frames that came.
             */
            received: number;
            /** @description Frames that were passed over, and why. */
            skipped: components["schemas"]["Skipped"][];
        };
        /** @description What went on with a device, in order of time. */
        HistoryList: {
            items: components["schemas"]["HistoryRow"][];
        };
        /** @description What went on in an hour or a day. */
        HistoryRow: components["schemas"]["Sum"] & {
            /**
             * Format: int32
             * @description Hours that it lasts: 1 or 24.
             */
            hours: number;
            /** @description When it began, RFC 3339. */
            time: string;
        };
        /** @description One hop of an attack. */
        Hop: {
            /** @description Its band. */
            band: string | null;
            /** @description `observed` where flows were seen, `permitted` where nobody said that it is closed; nothing for where it begins. */
            basis: string | null;
            /** @description How it is reached from the hop before, in words. */
            by: string;
            /** @description Its kind, by identifier. */
            category: string | null;
            /** @description The device, if it is one. */
            device: string | null;
            /** @description What it is called. */
            name: string;
            /**
             * @description `entry`, `network` or `device`.
             * @enum {string}
             */
            node: "entry" | "network" | "device";
            /**
             * Format: double
             * @description How likely that works; 1 for where it begins.
             */
            probability: number;
        };
        /** @description A capture that is, was, or will be imported. */
        Import: {
            /** @description Who brought it. */
            by: string;
            /**
             * Format: int64
             * @description Bytes of the file.
             */
            bytes: number;
            /**
             * Format: date-time
             * @description When it was done, RFC 3339.
             */
            ended: string | null;
            /**
             * Format: int64
             * @description Frames that were read.
             */
            frames: number;
            /** @description Identifier. */
            id: string;
            /** @description The name of the file. */
            name: string;
            /** @description What has to be known of it, in words. */
            note: string | null;
            /**
             * Format: int64
             * @description Bytes that were read.
             */
            read: number;
            /**
             * Format: date-time
             * @description When it was brought, RFC 3339.
             */
            started: string;
            /** @description How far it is. */
            state: components["schemas"]["Status"];
        };
        /** @description Imports. */
        ImportList: {
            items: components["schemas"]["Import"][];
        };
        /** @description A network card. */
        InterfaceView: {
            /** @description Its addresses. */
            addresses: components["schemas"]["AddressView"][];
            /** @description Whether the hardware address was made up locally. */
            local: boolean;
            /** @description Hardware address; none if it is behind a router. */
            mac: string | null;
            /** @description Whom it was assigned to. */
            organisation: string | null;
            /** @description VLANs it was seen in. */
            vlans: number[];
        };
        /** @description How many of one kind. */
        KindCounts: components["schemas"]["StateCounts"] & {
            /** @description All. */
            count: number;
            /** @description The filter that lists them. */
            filter: string;
            /** @description Identifier. */
            id: string;
            /** @description What people read. */
            label: string;
            /** @description Whether they serve patients. */
            medical: boolean;
        };
        /** @description What is known before the first packet. */
        KnowledgeRow: {
            /** @description Rules. */
            rules: number;
            /** @description The first digits of its hash. */
            version: string;
        };
        /** @description What a limit turned away. */
        Limit: {
            /**
             * Format: int64
             * @description How often.
             */
            count: number;
            /** @description In words. */
            label: string;
            /** @description Identifier. */
            name: string;
        };
        /** @description A minute of frames. */
        Loss: {
            /**
             * Format: int64
             * @description Frames that came.
             */
            frames: number;
            /**
             * Format: int64
             * @description Frames that were lost.
             */
            lost: number;
            /** @description When it began. */
            time: string;
        };
        /** @description The map. */
        MapData: {
            /** @description The groups, care first. */
            groups: components["schemas"]["MapGroup"][];
            /** @description What goes on between them, the most flows first. */
            links: components["schemas"]["MapLink"][];
            /** @description Links that are not told. */
            links_more: number;
            /** @description Addresses outside that are talked with. */
            outside: number;
        };
        /** @description A device on the map. */
        MapDevice: {
            /** @description Whether claims contradict each other. */
            conflict: boolean;
            /** @description Identifier. */
            id: string;
            /** @description What people call it. */
            name: string;
            /**
             * @description `confirmed`, `probable`, `tentative` or `unknown`.
             * @enum {string}
             */
            state: "confirmed" | "probable" | "tentative" | "unknown";
            /** @description How many weaknesses it showed. */
            weak: number;
        };
        /** @description Devices that stand together. */
        MapGroup: {
            /**
             * @description `care`, `servers` or `others`.
             * @enum {string}
             */
            column: "care" | "servers" | "others";
            /** @description The devices, those with most weaknesses first. */
            devices: components["schemas"]["MapDevice"][];
            /** @description The filter that lists them. */
            filter: string;
            /** @description Identifier. */
            id: string;
            /** @description What people read. */
            label: string;
        };
        /** @description What goes on between two groups. */
        MapLink: {
            /**
             * Format: int64
             * @description Bytes both ways.
             */
            bytes: number;
            /**
             * Format: int64
             * @description Connections.
             */
            connections: number;
            /** @description Devices that open them. */
            devices: number;
            /** @description Flows. */
            flows: number;
            /** @description Who opens the connections: a group, `external`, `group` (many at once) or `silent` (never answers). */
            from: string;
            /** @description What is asked for, the most flows first. */
            services: components["schemas"]["MapService"][];
            /** @description Services that are not told. */
            services_more: number;
            /** @description Who is asked. */
            to: string;
        };
        /** @description What is asked for. */
        MapService: {
            /** @description The application protocol, if recognised. */
            application: string | null;
            /** @description Flows. */
            flows: number;
            /**
             * Format: int32
             * @description The port.
             */
            port: number | null;
        };
        /** @description Something that a device says of itself and is recognised by. */
        Mark: {
            /** @description The attribute. */
            attribute: string;
            /** @description Its value. */
            value: string;
        };
        /** @description Which attack. */
        NewDrill: {
            /** @description Its identifier. */
            attack: string;
        };
        /** @description A change of password. */
        NewPassword: {
            /** @description As it is to be. */
            new: string;
            /** @description As it is. */
            old: string;
        };
        /** @description Somebody to be let in. */
        NewPerson: {
            name: string;
            role: components["schemas"]["Role"];
        };
        /** @description What a view shows. */
        NewView: {
            query: string;
            shared?: boolean;
        };
        /** @description What is not seen. */
        NotSeen: {
            /**
             * Format: int64
             * @description All connections.
             */
            connections: number;
            /**
             * Format: int64
             * @description Frames that came.
             */
            frames: number;
            /**
             * Format: int64
             * @description Frames that were lost.
             */
            lost_frames: number;
            /**
             * Format: int64
             * @description Connections of which one direction was seen.
             */
            one_way: number;
            /** @description Address ranges that fell silent. */
            silent_subnets: number;
            /** @description All address ranges. */
            subnets: number;
        };
        /** @description A value and why. */
        OneView: {
            /**
             * Format: double
             * @description Probability.
             */
            confidence: number;
            /** @description What speaks for it and against it, strongest first. */
            evidence: components["schemas"]["EvidenceView"][];
            /** @description What people read. */
            label: string;
            /**
             * Format: double
             * @description Before any evidence, in decibans.
             */
            prior_db: number;
            /** @description What else it could be. */
            rivals: components["schemas"]["RivalView"][];
            /**
             * Format: double
             * @description Together, in decibans.
             */
            score_db: number;
            /**
             * @description `confirmed`, `probable`, `tentative` or `unknown`.
             * @enum {string}
             */
            state: "confirmed" | "probable" | "tentative" | "unknown";
            /**
             * Format: double
             * @description Probability that it is none of the values named.
             */
            unknown: number;
            /** @description The value; none if nothing reached tentative. */
            value: string | null;
        };
        /** @description Connections of which one direction was seen. */
        OneWay: {
            /**
             * Format: int64
             * @description Those that nobody was seen to answer.
             */
            connections: number;
            /**
             * Format: int64
             * @description All.
             */
            of: number;
        };
        /** @description The first page. */
        Overview: {
            /** @description The newest moment that anything was seen. */
            as_of: string | null;
            /** @description What changed, the newest first. */
            changes: components["schemas"]["Change"][];
            /** @description How many. */
            devices: components["schemas"]["DeviceCounts"];
            /** @description By kind, the most frequent first; medical kinds before others. */
            kinds: components["schemas"]["KindCounts"][];
            /** @description How sure what they are is. */
            known: components["schemas"]["StateCounts"];
            /** @description The newest packet of any source. */
            newest_packet: string | null;
            /** @description What is not seen. */
            not_seen: components["schemas"]["NotSeen"];
            /** @description What only a person knows. */
            questions: components["schemas"]["Question"][];
            /** @description All of those. */
            questions_total: number;
            /** @description Devices to look at first. */
            weakest: components["schemas"]["DeviceRow"][];
            /** @description What makes devices easy to attack, the most devices first. */
            weaknesses: components["schemas"]["WeaknessCounts"][];
        };
        /** @description A device that takes part in an attack. */
        Part: {
            /** @description Whether it acts, or it happens to it alone; the others are those that it turns to. */
            acts: boolean;
            /** @description Its address. */
            address: string;
            /** @description Its hardware address. */
            mac: string | null;
            /** @description What it is called in the hospital; nothing of somebody outside. */
            name: string;
        };
        /** @description The numbers that a score is made of, 0 to 1. */
        Parts: {
            /**
             * Format: double
             * @description Likelihood times impact.
             */
            expected_harm: number;
            /**
             * Format: double
             * @description How likely an attacker reaches it.
             */
            exposure: number;
            /**
             * Format: double
             * @description What verified controls on it leave.
             */
            host: number;
            /**
             * Format: double
             * @description Harm to patients first, care and records added to it.
             */
            impact: number;
            /**
             * Format: double
             * @description How likely it is taken over. It orders devices; it is no frequency.
             */
            likelihood: number;
            /**
             * Format: double
             * @description How likely an attack succeeds that reaches the device.
             */
            susceptibility: number;
        };
        /** @description Somebody at the other end. */
        Peer: {
            /** @description A device's identifier, or `external:…`, `group:…`, `silent:…`. */
            id: string;
            /** @description Whether it is a device that has a page. */
            is_device: boolean;
            /** @description What it is, in words; empty if that is unknown. */
            kind: string;
            /** @description What people call it. */
            name: string;
            /**
             * @description `east_west`, `external`, `group` or `silent`.
             * @enum {string}
             */
            scope: "east_west" | "external" | "group" | "silent";
        };
        /**
         * @description Something that not everybody may do.
         * @enum {string}
         */
        Permission: "see" | "export" | "correct" | "decide" | "import" | "people" | "settings" | "audit" | "drill";
        /** @description A person, as others see them. */
        Person: {
            /**
             * Format: date-time
             * @description Since when they are known, RFC 3339.
             */
            created: string;
            /** @description Whether they are shut out. */
            disabled: boolean;
            /**
             * Format: date-time
             * @description When they last signed in, RFC 3339.
             */
            last_seen: string | null;
            /** @description Whether they have to choose a password before anything else. */
            must_change: boolean;
            /** @description By which they sign in. */
            name: string;
            /** @description What they are here for. */
            role: components["schemas"]["Role"];
        };
        /** @description What is to be different. */
        PersonChange: {
            disabled?: boolean | null;
            role?: components["schemas"]["Role"] | null;
        };
        /** @description Everybody. */
        PersonList: {
            items: components["schemas"]["Person"][];
        };
        /** @description What to do first under a budget. */
        Plan: {
            /** @description The newest moment that anything was seen. */
            as_of: string | null;
            /**
             * Format: double
             * @description The budget, in person-days.
             */
            days: number;
            /**
             * Format: double
             * @description Hours in which devices may stand still in all, if limited.
             */
            downtime: number | null;
            /** @description What to know before one relies on it. */
            notes: string[];
            /** @description What must not be done. */
            refused: components["schemas"]["Refused"][];
            /**
             * @description `reckoning` until the first figures are there, then `ready`.
             * @enum {string}
             */
            state: "reckoning" | "ready";
            /** @description The steps, the first thing first; then some that lie beyond the budget. */
            steps: components["schemas"]["PlanStep"][];
        };
        /** @description One step of the plan. */
        PlanStep: {
            /** @description What to do, in words. */
            action: string;
            /**
             * Format: double
             * @description Share of the harm that is left before it, 0 to 1.
             */
            before: number;
            /** @description All of them. */
            device_count: number;
            /** @description Devices that it concerns, the first ones. */
            devices: components["schemas"]["Concerned"][];
            /**
             * Format: double
             * @description Hours in which devices stand still.
             */
            downtime_hours: number;
            /** @description The same action has the same name in each plan. */
            id: string;
            /** @description Whether it lies beyond the budget. */
            is_beyond: boolean;
            /**
             * @description `segment`, `patch`, `configure` or `virtual_patch`.
             * @enum {string}
             */
            kind: "segment" | "patch" | "configure" | "virtual_patch";
            /**
             * Format: double
             * @description Share of the harm that is left after it.
             */
            left: number;
            /**
             * Format: double
             * @description The work, in person-days.
             */
            person_days: number;
            /**
             * Format: double
             * @description The work up to here.
             */
            person_days_in_all: number;
            /** @description From 1. */
            rank: number;
            /** @description Who usually does it. */
            who: string;
            /** @description Why, with the source's own words where there are any. */
            why: string;
        };
        /** @description The hospital that is played. */
        Playing: {
            /** @description Its devices. */
            devices: number;
            /** @description Whether its first hours are still being played. */
            filling: boolean;
            /** @description The attacks for which it has what they take. */
            possible: string[];
            /**
             * Format: int64
             * @description What it follows from.
             */
            seed: number;
            /**
             * Format: int32
             * @description How many of its hours pass in one.
             */
            speed: number;
        };
        /** @description What went wrong. */
        Problem: {
            /** @description What happened and what helps, for people. */
            detail: string;
            /**
             * Format: int32
             * @description The HTTP status.
             */
            status: number;
            /** @description The status in words. */
            title: string;
            /** @description What sort of problem; `about:blank` if the status says it all. */
            type: string;
        };
        /** @description Something to ask a person. */
        Question: {
            /** @description What could be answered. */
            answers: components["schemas"]["Answer"][];
            /** @description What is asked of the device. */
            attribute: string | null;
            /** @description What it is asked for. */
            detail: string;
            /** @description The device, if it is one. */
            device: string | null;
            /** @description The filter that lists the devices. */
            filter: string | null;
            /** @description Stays the same as long as it is open. */
            id: string;
            /**
             * @description `conflict`, `unknown` or `tentative`.
             * @enum {string}
             */
            kind: "conflict" | "unknown" | "tentative";
            /** @description Devices that one answer settles. */
            settles: number;
            /** @description The question. */
            title: string;
        };
        /** @description A list of questions. */
        Questions: {
            items: components["schemas"]["Question"][];
        };
        /** @description The ranks that a device may have, 1 being the greatest risk. */
        Rank: {
            /**
             * Format: double
             * @description One draw in ten lies above.
             */
            high: number;
            /**
             * Format: double
             * @description One draw in ten lies below.
             */
            low: number;
            /** @description Devices that are ranked. */
            of: number;
        };
        /** @description What a device was recognised by when a person said something of it. */
        Recognition: {
            /** @description Hardware addresses that a maker gave. */
            cards: string[];
            /** @description What it said of itself. */
            marks: components["schemas"]["Mark"][];
            /**
             * Format: date-time
             * @description The newest moment that it had been seen, RFC 3339.
             */
            seen: string | null;
        };
        /** @description An action that care forbids. */
        Refused: {
            /** @description What it would have been. */
            action: string;
            /** @description Why not. */
            why: string;
        };
        /** @description Something that helps. */
        Remedy: {
            /** @description As in `vendor_fix` or `mitigation`. */
            kind: string;
            /** @description In the advisory's words. */
            text: string;
        };
        /** @description What an advisory says of a device. */
        RiskFinding: {
            /** @description The advisory. */
            advisory: string;
            /** @description What would have to be known. */
            asks: string[];
            /** @description The vulnerability. */
            cve: string;
            cvss: components["schemas"]["Severity"] | null;
            decision: components["schemas"]["DecisionRow"] | null;
            /**
             * Format: double
             * @description How likely it is used within 30 days, 0 to 1 (FIRST's EPSS).
             */
            epss: number | null;
            exploited: components["schemas"]["Exploited"] | null;
            /** @description What helps. */
            remedies: components["schemas"]["Remedy"][];
            /**
             * Format: double
             * @description Its share of what an attack can use, 0 to 1.
             */
            share: number;
            /** @description The statement, as it is written. */
            statement: string;
            /** @description How sure the product is the device: `decided`, `likely` or `possible`. */
            tier: string;
            /** @description Its title. */
            title: string;
            /** @description Where to read it. */
            url: string | null;
            /**
             * @description `affected`, `not_affected` or `undetermined`.
             * @enum {string}
             */
            verdict: "affected" | "not_affected" | "undetermined";
        };
        /** @description A group of devices. */
        RiskGroup: {
            /** @description Devices in it. */
            devices: number;
            /** @description The filter that lists its devices, if there is one. */
            filter: string | null;
            /** @description What people read. */
            label: string;
            /** @description Its identifier. */
            name: string;
            /**
             * Format: double
             * @description Its share of all harm that is to be expected, 0 to 1.
             */
            share: number;
            /** @description All of them together. */
            spread: components["schemas"]["Spread"];
        };
        /** @description Devices in groups. */
        RiskGroups: {
            /** @description The groups, the most harm first. */
            items: components["schemas"]["RiskGroup"][];
            /** @description Groups that are not told. */
            more: number;
        };
        /** @description Risk at a glance. */
        RiskOverview: {
            /** @description Advisories that are known. */
            advisories: number;
            /** @description The newest moment that anything was seen. */
            as_of: string | null;
            /** @description How many there are in each band. */
            bands: components["schemas"]["Bands"];
            /** @description Devices that were reckoned. */
            devices: number;
            /** @description What to do first; nothing until it is ranked. */
            first: components["schemas"]["PlanStep"][] | null;
            hospital: components["schemas"]["Spread"] | null;
            /** @description The devices with the greatest risk. */
            most: components["schemas"]["RiskRow"][];
            /** @description The answers that would settle most. */
            questions: components["schemas"]["RiskQuestion"][];
            /** @description Where SSVC and the bands differ. */
            ssvc: components["schemas"]["Differences"];
            /**
             * @description `reckoning` until the first figures are there, then `ready`.
             * @enum {string}
             */
            state: "reckoning" | "ready";
            /** @description The version of the model's numbers. */
            tables: string;
            /**
             * Format: int64
             * @description How long the reckoning took, in milliseconds.
             */
            took_ms: number;
            /** @description How the number went, the oldest first. */
            trend: components["schemas"]["TrendPoint"][];
        };
        /** @description A question whose answer would settle findings. */
        RiskQuestion: {
            /** @description What to find out. */
            asks: string;
            /** @description On how many devices. */
            devices: number;
            /** @description One of the devices. */
            example: string;
            /** @description How many findings wait for it. */
            findings: number;
            /** @description Of which model. */
            model: string;
        };
        /** @description A device and its risk in one row. */
        RiskRow: {
            /** @description Vulnerabilities that it has. */
            affected: number;
            /** @description What weighs most, in words. */
            because: string[];
            /** @description What would bring it into the band below, in words. */
            becomes: string | null;
            /** @description Its kind, by identifier. */
            category: string | null;
            /** @description The device. */
            device: string;
            /** @description Whether it tells its model: else no advisory can be held against it. */
            is_named: boolean;
            /** @description What it is called. */
            name: string;
            /** @description Care unit or place, else the network. */
            place: string | null;
            /** @description Its rank. */
            rank: components["schemas"]["Rank"];
            /** @description How risky it is. */
            spread: components["schemas"]["Spread"];
            /** @description Vulnerabilities of which nobody can say. */
            undetermined: number;
        };
        /** @description What else it could be. */
        RivalView: {
            /**
             * Format: double
             * @description Probability.
             */
            confidence: number;
            /** @description What people read. */
            label: string;
            /**
             * Format: double
             * @description Together, in decibans.
             */
            score_db: number;
            /** @description The value. */
            value: string;
        };
        /**
         * @description What a person is here for.
         * @enum {string}
         */
        Role: "administrator" | "security_officer" | "clinical_engineering" | "network" | "security_analyst" | "manager" | "clinician" | "auditor";
        /** @description What a device does for others. */
        RoleView: {
            /** @description The capture of the first occasion. */
            capture: string;
            /**
             * Format: int64
             * @description Occasions.
             */
            count: number;
            /** @description The field that decided, and what it said. */
            field: string;
            /**
             * Format: int64
             * @description The frame of the first occasion.
             */
            frame: number;
            /** @description What people read. */
            label: string;
            /** @description Identifier. */
            role: string;
            /** @description The rule that told. */
            rule: string;
        };
        /** @description What a person is here for. */
        RoleWords: {
            label: string;
            permissions: components["schemas"]["Permission"][];
        };
        /** @description How risky a device is. */
        RowRisk: {
            /** @description Its band. */
            band: string;
            /**
             * Format: double
             * @description The score, 0 to 100.
             */
            score: number;
        };
        /** @description An attack that was started. */
        Run: {
            /** @description Which attack. */
            attack: string;
            /**
             * Format: date-time
             * @description When its first frame is stamped, RFC 3339.
             */
            began: string;
            /** @description Who started it. */
            by: string;
            /** @description Who takes part. */
            devices: components["schemas"]["Part"][];
            /**
             * Format: date-time
             * @description When its last frame is stamped; nothing if it goes on until the hospital stops. RFC 3339.
             */
            ends: string | null;
            /**
             * Format: int64
             * @description Its number.
             */
            id: number;
            /** @description What has become of it. */
            state: components["schemas"]["RunState"];
        };
        /**
         * @description What has become of an attack.
         * @enum {string}
         */
        RunState: "running" | "ended" | "cut_off";
        /** @description What a person says. */
        Said: {
            /** @description Why the person knows. */
            reason: string;
            /** @description What is true; for kinds the identifier. */
            value: string;
        };
        /** @description A field and what it said. */
        SaidView: {
            /** @description The field. */
            field: string;
            /** @description What it said. */
            value: string;
        };
        /** @description A view that somebody keeps. */
        SavedView: {
            /** @description Whose it is. */
            by: string;
            /** @description What it is called. */
            name: string;
            /** @description What stands behind the question mark of the page of devices. */
            query: string;
            /** @description Whether others see it. */
            shared: boolean;
        };
        /** @description One step from the worst case to the score. */
        ScoreStep: {
            /** @description What people read. */
            label: string;
            /**
             * Format: double
             * @description The score after it.
             */
            score: number;
            /** @description A part of the formula, or a control. */
            what: string;
        };
        /** @description A secret, shown once. */
        Secret: {
            secret: string;
        };
        /** @description Whoever is signed in. */
        Session: {
            /**
             * Format: int64
             * @description Signed out after so many minutes without asking for anything.
             */
            idle_minutes: number;
            /** @description Whether a password has to be chosen before anything else. */
            must_change: boolean;
            name: string;
            /** @description What the role may do. */
            permissions: components["schemas"]["Permission"][];
            role: components["schemas"]["Role"];
            /**
             * Format: date-time
             * @description When, RFC 3339.
             */
            signed_in: string;
            /** @description Whether what is shown comes from a synthetic hospital: nothing of it is real. */
            synthetic: boolean;
        };
        /** @description How Cordon works here. */
        Settings: {
            /**
             * Format: int32
             * @description For so many days it is remembered what went on.
             */
            retention_days?: number;
            /**
             * Format: int32
             * @description After so many hours without a sign a device counts as silent.
             */
            silent_after_hours: number;
            /** @description The name of the hospital or site. */
            site: string;
        };
        /** @description How severe a vulnerability is. */
        Severity: {
            /**
             * Format: double
             * @description The base score, 0 to 10, recomputed from the vector.
             */
            score: number;
            /** @description The vector. */
            vector: string;
            /** @description As in `3.1`. */
            version: string;
        };
        /** @description Whoever signs in. */
        SignIn: {
            /** @description Who. */
            name: string;
            /** @description Their password. */
            password: string;
        };
        /** @description The first to sign in. */
        SignInFirst: {
            /** @description What to be called. */
            name: string;
            /** @description The password to be. */
            password: string;
            /** @description What was printed at the start. */
            secret: string;
        };
        /** @description Frames that were passed over. */
        Skipped: {
            /** @description Identifier. */
            cause: string;
            /**
             * Format: int64
             * @description Frames.
             */
            count: number;
            /** @description In words. */
            label: string;
        };
        /**
         * @description What a source is.
         * @enum {string}
         */
        SourceKind: "card" | "file" | "hospital";
        /** @description A card or a capture. */
        SourceRow: {
            /**
             * Format: int64
             * @description Bytes of a file that were read.
             */
            bytes: number;
            /** @description Since when it is heard. */
            first: string | null;
            /**
             * Format: int64
             * @description Frames that came.
             */
            frames: number;
            /** @description What it is. */
            kind: components["schemas"]["SourceKind"];
            /**
             * Format: int64
             * @description Frames that were lost before they were looked into.
             */
            lost: number;
            /**
             * Format: double
             * @description The share of those, 0 to 1.
             */
            lost_share: number;
            /** @description What it is called. */
            name: string;
            /** @description When its newest frame was captured. */
            newest: string | null;
            /** @description What has to be known of it, in words. */
            note: string | null;
            /** @description What it does now. */
            state: components["schemas"]["Status"];
        };
        /** @description A score, and how sure it is. */
        Spread: {
            /** @description The band of the score. */
            band: string;
            /**
             * Format: double
             * @description One draw in ten lies above.
             */
            high: number;
            /**
             * Format: double
             * @description One draw in ten lies below.
             */
            low: number;
            /**
             * Format: double
             * @description 0 to 100.
             */
            score: number;
        };
        /** @description What SSVC says beside the score. */
        Ssvc: {
            /**
             * @description `Track`, `Track*`, `Attend` or `Act` (CISA's table for coordinators).
             * @enum {string}
             */
            action: "Track" | "Track*" | "Attend" | "Act";
            /** @description Where it and the band differ, in words. */
            differs: string | null;
            /** @description Until when by BOD 26-04, if it speaks. */
            timeline: string | null;
        };
        /** @description How sure what they are is. */
        StateCounts: {
            /** @description A person said so. */
            confirmed: number;
            /** @description At least 0.90. */
            probable: number;
            /** @description At least 0.60. */
            tentative: number;
            /** @description Less. */
            unknown: number;
        };
        /**
         * @description What a source does now.
         * @enum {string}
         */
        Status: "waiting" | "listening" | "reading" | "done" | "failed" | "silent" | "cancelled";
        /** @description Whether what is acknowledged can be kept. */
        StoreState: {
            /**
             * Format: int64
             * @description Bytes on the disk.
             */
            bytes: number;
            /**
             * @description `ok`, `full` or `failing`.
             * @enum {string}
             */
            state: "ok" | "full" | "failing";
            /** @description In words; empty if all is well. */
            text: string;
        };
        /** @description A range of addresses. */
        SubnetRow: {
            /** @description The range (/24 or /64: masks are not known). */
            cidr: string;
            /** @description Devices in it. */
            devices: number;
            /** @description When any of them was last seen. */
            newest: string | null;
            /** @description Whether nearly all that is seen of it is one direction. */
            one_way: boolean;
            /** @description Whether none was seen for long. */
            silent: boolean;
        };
        /** @description How much went on. */
        Sum: {
            /**
             * Format: int64
             * @description Bytes back.
             */
            bytes_received: number;
            /**
             * Format: int64
             * @description Bytes towards the responder.
             */
            bytes_sent: number;
            /**
             * Format: int64
             * @description Connections that ended, or were told while they go on.
             */
            connections: number;
        };
        /** @description A number that a probability is a product of. */
        Term: {
            /** @description Which. */
            name: string;
            /**
             * Format: double
             * @description 0 to 1.
             */
            value: number;
        };
        /** @description The risk of the hospital at one time. */
        TrendPoint: {
            /** @description Devices that were reckoned. */
            devices: number;
            /**
             * Format: double
             * @description One draw in ten lies above.
             */
            high: number;
            /**
             * Format: double
             * @description One draw in ten lies below.
             */
            low: number;
            /**
             * Format: double
             * @description The score, 0 to 100.
             */
            score: number;
            /**
             * Format: date-time
             * @description When, RFC 3339.
             */
            time: string;
        };
        /** @description How many devices there may be that were not seen. */
        Unseen: {
            /**
             * Format: int64
             * @description At most so many.
             */
            high: number;
            /**
             * Format: int64
             * @description At least so many.
             */
            low: number;
            /** @description How that is known. */
            text: string;
        };
        /** @description Views. */
        ViewList: {
            items: components["schemas"]["SavedView"][];
        };
        /** @description One way from where attacks begin to the device. */
        Way: {
            /** @description Hop by hop. */
            hops: components["schemas"]["Hop"][];
            /**
             * Format: double
             * @description How likely all of it works, if somebody begins there.
             */
            probability: number;
        };
        /** @description How many show a weakness. */
        WeaknessCounts: {
            /** @description Devices. */
            devices: number;
            /** @description Identifier. */
            kind: string;
            /** @description Of those, how many serve patients. */
            medical: number;
            /** @description In words. */
            title: string;
        };
        /** @description Something that makes a device easy to attack. */
        WeaknessView: {
            /** @description The capture of the first occasion. */
            capture: string;
            /**
             * Format: int64
             * @description Occasions.
             */
            count: number;
            /** @description First occasion. */
            first: string;
            /**
             * Format: int64
             * @description The frame of the first occasion.
             */
            frame: number;
            /** @description Identifier. */
            kind: string;
            /** @description Last occasion. */
            last: string;
            peer: components["schemas"]["Peer"] | null;
            /** @description Over which protocol. */
            protocol: string;
            /** @description In words. */
            title: string;
        };
        /** @description The risk of one device if it were changed. */
        WhatIf: {
            /**
             * Format: double
             * @description And after.
             */
            hospital_after: number;
            /**
             * Format: double
             * @description The score of the hospital before.
             */
            hospital_before: number;
            /** @description What else could be done. */
            options: components["schemas"]["Choice"][];
            /** @description The numbers then. */
            parts: components["schemas"]["Parts"];
            /**
             * Format: double
             * @description The work for what is chosen, in person-days.
             */
            person_days: number;
            /** @description Its rank then. */
            rank: components["schemas"]["Rank"];
            /** @description How risky it is then. */
            spread: components["schemas"]["Spread"];
            /** @description What the chosen changes do, one after the other. */
            steps: components["schemas"]["ScoreStep"][];
        };
        /** @description The reason for one statement, in words. */
        Why: {
            /** @description What would change it. */
            change: string;
            /** @description One or two plain sentences. */
            sentence: string;
            /** @description What `cordon why` prints. */
            text: string;
        };
        /** @description What people read of everything that has an identifier. */
        Words: {
            attributes: {
                [key: string]: string;
            };
            categories: {
                [key: string]: components["schemas"]["CategoryWords"];
            };
            families: {
                [key: string]: string;
            };
            people_roles: {
                [key: string]: components["schemas"]["RoleWords"];
            };
            roles: {
                [key: string]: string;
            };
            weaknesses: {
                [key: string]: string;
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;

//! An advisory for tests.

use serde_json::json;

/// A made-up advisory on a product (CSAF 2.0, profile security advisory).
pub fn advisory(vendor: &str, product: &str, versions: &str) -> String {
    let time = "2026-01-02T15:00:00.000Z";
    let document = json!({
        "document": {
            "category": "csaf_security_advisory", "csaf_version": "2.0", "title": "A made-up advisory",
            "publisher": { "category": "coordinator", "name": "Example CERT", "namespace": "https://cert.example" },
            "notes": [{ "category": "summary", "text": "Made up for a test." }],
            "references": [{ "category": "self", "summary": "self", "url": "https://cert.example/2026-1" }],
            "tracking": {
                "id": "EXAMPLE-2026-1", "status": "final", "version": "1",
                "initial_release_date": time, "current_release_date": time,
                "revision_history": [{ "date": time, "number": "1", "summary": "first" }]
            }
        },
        "product_tree": { "branches": [{ "category": "vendor", "name": vendor, "branches": [{
            "category": "product_name", "name": product, "branches": [{
                "category": "product_version_range", "name": versions,
                "product": { "product_id": "P1", "name": format!("{vendor} {product}: {versions}") }
            }]
        }] }] },
        "vulnerabilities": [{
            "cve": "CVE-2026-0001",
            "notes": [{ "category": "summary", "text": "Anybody may take it over." }],
            "product_status": { "known_affected": ["P1"] },
            "scores": [{ "products": ["P1"], "cvss_v3": {
                "version": "3.1", "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
                "baseScore": 9.8, "baseSeverity": "CRITICAL"
            } }],
            "remediations": [{ "category": "vendor_fix", "details": "Install release N.", "product_ids": ["P1"] }]
        }]
    });
    document.to_string() + "\n"
}

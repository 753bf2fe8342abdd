//! The tag-value form of SPDX 2 (section 4.4): a tag, a colon and a value on each line; a value between `<text>` and `</text>` may
//! have several.

use super::{Checksum, Document, Package, Reference, Relationship};
use crate::{Defect, table};

/// Reads a document.
pub(super) fn read(bytes: &[u8]) -> Result<Document, Defect> {
    let text = table::text(bytes)?;
    let mut document = Document::default();
    let mut lines = text.lines().enumerate();
    // Tags of files and snippets are called as those of packages are; they stand after theirs.
    let mut is_package = false;
    while let Some((index, line)) = lines.next() {
        let number = index.saturating_add(1);
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some((tag, value)) = line.split_once(':') else {
            return Err(Defect::line(number, "is neither a tag with a value nor a comment"));
        };
        let value = value.trim();
        if value.contains("<text>") && !value.contains("</text>") && !lines.any(|(_, line)| line.contains("</text>")) {
            return Err(Defect::line(number, "a text is not closed: the file was cut"));
        }
        match tag {
            "PackageName" => {
                document.packages.push(Package { name: value.to_owned(), ..Package::default() });
                is_package = true;
            }
            "FileName" | "SnippetSPDXID" | "LicenseID" => is_package = false,
            "SPDXVersion" => value.clone_into(&mut document.spdx_version),
            "DocumentNamespace" => document.document_namespace = Some(value.to_owned()),
            "Created" => document.creation_info.created = Some(value.to_owned()),
            "Relationship" => document.relationships.extend(relationship(value)),
            _ if is_package => {
                if let Some(package) = document.packages.last_mut() {
                    add(package, tag, value);
                }
            }
            _ => {}
        }
    }
    if !text.ends_with('\n') {
        return Err(Defect::line(text.lines().count(), "has no end: the file was cut"));
    }
    Ok(document)
}

fn add(package: &mut Package, tag: &str, value: &str) {
    let own = || Some(value.to_owned());
    match tag {
        "SPDXID" => value.clone_into(&mut package.id),
        "PackageVersion" => package.version_info = own(),
        "PackageSupplier" => package.supplier = own(),
        "PackageOriginator" => package.originator = own(),
        "PackageLicenseConcluded" => package.license_concluded = own(),
        "PackageLicenseDeclared" => package.license_declared = own(),
        "PackageChecksum" => {
            if let Some((algorithm, digest)) = value.split_once(':') {
                package.checksums.push(Checksum {
                    algorithm: algorithm.trim().to_owned(),
                    checksum_value: digest.trim().to_owned(),
                });
            }
        }
        "ExternalRef" => {
            let mut words = value.split_whitespace().skip(1);
            if let (Some(kind), Some(locator)) = (words.next(), words.next()) {
                let reference = Reference { reference_type: kind.to_owned(), reference_locator: locator.to_owned() };
                package.external_refs.push(reference);
            }
        }
        _ => {}
    }
}

fn relationship(value: &str) -> Option<Relationship> {
    let mut words = value.split_whitespace().map(str::to_owned);
    Some(Relationship {
        spdx_element_id: words.next()?,
        relationship_type: words.next()?,
        related_spdx_element: words.next()?,
    })
}

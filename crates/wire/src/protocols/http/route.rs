//! What DICOMweb (PS3.18 §8, §10) and FHIR (R4 §3.1.0) are asked for: the service or the interaction, and FHIR's type of
//! resource. Neither identifiers nor queries are told.
//!
//! A path alone is little proof (`/studies` is a page of many schools): a media type, a base that names the service, or an
//! identifier of the form that only DICOM has must come with it.

use super::path;
use crate::stack_text::StackText;

/// What the headers of a request say of the media that it brings or wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Media {
    pub(super) is_dicom: bool,
    pub(super) is_fhir: bool,
}

impl Media {
    /// Adds what a `Content-Type` or `Accept` header names.
    pub(super) fn note(&mut self, value: &[u8]) {
        self.is_dicom |= holds(value, b"application/dicom");
        self.is_fhir |= holds(value, b"application/fhir+");
    }
}

fn holds(value: &[u8], wanted: &[u8]) -> bool {
    value.windows(wanted.len()).any(|window| window.eq_ignore_ascii_case(wanted))
}

/// Types of resources (FHIR R4 §2.1.3) that systems ask each other for.
static RESOURCES: &[&str] = &[
    "AllergyIntolerance",
    "Appointment",
    "AuditEvent",
    "Binary",
    "Bundle",
    "CarePlan",
    "CareTeam",
    "Claim",
    "Communication",
    "Composition",
    "Condition",
    "Consent",
    "Coverage",
    "Device",
    "DeviceDefinition",
    "DeviceMetric",
    "DeviceRequest",
    "DeviceUseStatement",
    "DiagnosticReport",
    "DocumentReference",
    "Encounter",
    "EpisodeOfCare",
    "Flag",
    "Goal",
    "Group",
    "HealthcareService",
    "ImagingStudy",
    "Immunization",
    "Location",
    "Media",
    "Medication",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationRequest",
    "MedicationStatement",
    "MessageHeader",
    "NutritionOrder",
    "Observation",
    "Organization",
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "Procedure",
    "Provenance",
    "Questionnaire",
    "QuestionnaireResponse",
    "RelatedPerson",
    "Schedule",
    "ServiceRequest",
    "Slot",
    "Specimen",
    "Subscription",
    "Task",
    "ValueSet",
];

/// The operation that a request asks for, if it is one of DICOMweb or FHIR.
pub(super) fn operation(method: &str, target: &[u8], media: Media) -> Option<StackText> {
    let path = path::of(target).strip_prefix(b"/")?;
    let query = target.iter().position(|byte| *byte == b'?').and_then(|at| target.get(at..)).unwrap_or_default();
    dicomweb(method, path, query, media).map(text).or_else(|| fhir(method, path, media))
}

fn text(name: &str) -> StackText {
    let mut text = StackText::new();
    text.push_str(name);
    text
}

fn dicomweb(method: &str, path: &[u8], query: &[u8], media: Media) -> Option<&'static str> {
    if holds(query, b"requestType=WADO") && holds(query, b"objectUID=") {
        return Some("WADO-URI");
    }
    static BASES: &[&[u8]] = &[
        b"dicom-web",
        b"dicomweb",
        b"dicomrs",
        b"dicom-rs",
        b"qido",
        b"qido-rs",
        b"wado",
        b"wado-rs",
        b"stow",
        b"stow-rs",
    ];
    let mut segments = path.split(|byte| *byte == b'/').filter(|segment| !segment.is_empty());
    let (mut is_known, mut resource) = (media.is_dicom, None);
    for segment in segments.by_ref() {
        is_known |= BASES.iter().any(|base| base.eq_ignore_ascii_case(segment));
        if matches!(segment, b"studies" | b"series" | b"instances" | b"workitems") {
            resource = Some(segment);
            break;
        }
    }
    let resource = resource?;
    let (mut last, mut first_identifier) = (resource, None);
    for segment in segments {
        first_identifier = first_identifier.or(Some(segment));
        last = segment;
    }
    is_known |= first_identifier.is_some_and(is_unique_identifier);
    if !is_known {
        return None;
    }
    match (method, resource) {
        (_, b"workitems") => Some("UPS-RS"),
        ("POST", _) => Some("STOW-RS"),
        ("GET" | "HEAD", _) if matches!(last, b"studies" | b"series" | b"instances") => Some("QIDO-RS"),
        ("GET" | "HEAD", _) => Some("WADO-RS"),
        _ => None,
    }
}

/// DICOM PS3.5 §9.1: numbers in dots, at most 64 characters.
fn is_unique_identifier(segment: &[u8]) -> bool {
    (8..=64).contains(&segment.len())
        && segment.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
        && segment.split(|byte| *byte == b'.').filter(|arc| !arc.is_empty()).count() >= 4
}

fn fhir(method: &str, path: &[u8], media: Media) -> Option<StackText> {
    let mut segments = path.split(|byte| *byte == b'/').filter(|segment| !segment.is_empty());
    let (mut is_known, mut resource) = (media.is_fhir, None);
    for segment in segments.by_ref() {
        is_known |= segment.eq_ignore_ascii_case(b"fhir");
        if is_known && segment == b"metadata" {
            return (method == "GET").then(|| text("FHIR capabilities"));
        }
        resource = RESOURCES.iter().find(|name| name.as_bytes() == segment);
        if resource.is_some() {
            break;
        }
    }
    if !is_known {
        return None;
    }
    let rest = [segments.next(), segments.next(), segments.next()];
    let interaction = match (method, rest, resource) {
        // Several interactions at once are sent to the base (R4 §3.1.0.11).
        ("POST", _, None) if media.is_fhir => "FHIR transaction",
        (_, _, None) => return None,
        (_, [Some([b'$', ..]), ..] | [_, Some([b'$', ..]), _], _) => "FHIR operation",
        ("GET" | "HEAD", [None, ..], _) | ("POST", [Some(b"_search"), ..], _) => "FHIR search",
        ("GET" | "HEAD", [Some(b"_history"), ..] | [_, Some(b"_history"), None], _) => "FHIR history",
        ("GET" | "HEAD", _, _) => "FHIR read",
        ("POST", _, _) => "FHIR create",
        ("PUT", _, _) => "FHIR update",
        ("PATCH", _, _) => "FHIR patch",
        ("DELETE", _, _) => "FHIR delete",
        _ => return None,
    };
    let mut operation = text(interaction);
    if let Some(resource) = resource {
        operation.push(' ').push_str(resource);
    }
    Some(operation)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: &str, target: &str, accept: &str) -> Option<String> {
        let mut media = Media::default();
        media.note(accept.as_bytes());
        operation(method, target.as_bytes(), media).map(|operation| operation.as_str().to_owned())
    }

    #[test]
    fn services_of_dicomweb_are_told_without_their_objects() {
        for (method, target, accept, service) in [
            ("GET", "/dicom-web/studies?PatientName=CANARY", "", "QIDO-RS"),
            ("GET", "/pacs/studies?00100020=4711", "application/dicom+json", "QIDO-RS"),
            ("GET", "/rs/studies/1.2.840.4711.1/series", "*/*", "QIDO-RS"),
            ("GET", "/rs/studies/1.2.840.4711.1/series/1.2.3.4.5/metadata", "*/*", "WADO-RS"),
            ("GET", "/studies/1.2.840.4711.1", "multipart/related; type=\"application/dicom\"", "WADO-RS"),
            ("POST", "/dicomweb/studies", "multipart/related; type=\"application/dicom\"", "STOW-RS"),
            ("GET", "/wado?requestType=WADO&studyUID=1.2&seriesUID=1.3&objectUID=1.4", "", "WADO-URI"),
            ("GET", "/dicom-web/workitems?PatientID=CANARY", "", "UPS-RS"),
        ] {
            assert_eq!(asked(method, target, accept).as_deref(), Some(service), "{target}");
        }
        for (method, target) in [
            ("GET", "/studies"),
            ("GET", "/university/studies/medicine"),
            ("GET", "/studies/2026.1"),
            ("GET", "/dicom-web/"),
            ("DELETE", "/dicom-web/studies/1.2.840.4711.1"),
            ("GET", "/wado?requestType=WADO"),
        ] {
            assert_eq!(asked(method, target, ""), None, "{target}");
        }
    }

    #[test]
    fn interactions_of_fhir_are_told_without_their_objects() {
        for (method, target, accept, interaction) in [
            ("GET", "/fhir/Patient/CANARY", "", "FHIR read Patient"),
            ("GET", "/r4/Patient?family=CANARY", "application/fhir+json", "FHIR search Patient"),
            ("POST", "/fhir/Observation/_search", "", "FHIR search Observation"),
            ("POST", "/baseR4/Observation", "application/fhir+json; charset=utf-8", "FHIR create Observation"),
            ("PUT", "/fhir/Device/canary-1", "", "FHIR update Device"),
            ("DELETE", "/fhir/Device/canary-1", "", "FHIR delete Device"),
            ("GET", "/fhir/Patient/CANARY/_history", "", "FHIR history Patient"),
            ("GET", "/fhir/Patient/CANARY/$everything", "", "FHIR operation Patient"),
            ("GET", "/fhir/metadata", "", "FHIR capabilities"),
            ("POST", "/r4", "application/fhir+json", "FHIR transaction"),
        ] {
            assert_eq!(asked(method, target, accept).as_deref(), Some(interaction), "{target}");
        }
        for target in ["/Patient/CANARY", "/metadata", "/fhir", "/fhir/Canary/1", "/device/Device"] {
            assert_eq!(asked("GET", target, "text/html"), None, "{target}");
        }
    }
}

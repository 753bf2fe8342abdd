//! Scores beside a second implementation, over every base vector there is, and beside what advisories published.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]
#![allow(clippy::disallowed_methods, reason = "the crate is pure, this test reads what others published")]

use model::cvss::Vector;
use xtask::reference;

type Metrics = &'static [(&'static str, &'static [&'static str])];

const VERSION_2: Metrics = &[
    ("AV", &["L", "A", "N"]),
    ("AC", &["H", "M", "L"]),
    ("Au", &["M", "S", "N"]),
    ("C", &["N", "P", "C"]),
    ("I", &["N", "P", "C"]),
    ("A", &["N", "P", "C"]),
];
const VERSION_3: Metrics = &[
    ("AV", &["N", "A", "L", "P"]),
    ("AC", &["L", "H"]),
    ("PR", &["N", "L", "H"]),
    ("UI", &["N", "R"]),
    ("S", &["U", "C"]),
    ("C", &["N", "L", "H"]),
    ("I", &["N", "L", "H"]),
    ("A", &["N", "L", "H"]),
];
const VERSION_4: Metrics = &[
    ("AV", &["N", "A", "L", "P"]),
    ("AC", &["L", "H"]),
    ("AT", &["N", "P"]),
    ("PR", &["N", "L", "H"]),
    ("UI", &["N", "P", "A"]),
    ("VC", &["H", "L", "N"]),
    ("VI", &["H", "L", "N"]),
    ("VA", &["H", "L", "N"]),
    ("SC", &["H", "L", "N"]),
    ("SI", &["H", "L", "N"]),
    ("SA", &["H", "L", "N"]),
];

/// Every vector over these metrics, in their order.
fn vectors(prefix: &str, metrics: Metrics) -> Vec<String> {
    let mut all = vec![prefix.to_owned()];
    for (name, values) in metrics {
        let longer = |start: &String| values.iter().map(|value| format!("{start}/{name}:{value}")).collect::<Vec<_>>();
        all = all.iter().flat_map(longer).collect();
    }
    all.into_iter().map(|vector| vector.trim_start_matches('/').to_owned()).collect()
}

fn agree(prefix: &str, metrics: Metrics, count: usize, second: fn(&str) -> f64) {
    let all = vectors(prefix, metrics);
    assert_eq!(all.len(), count);
    for text in all {
        let first = Vector::read(&text).unwrap().base_score();
        assert!((first - second(&text)).abs() < 1e-6, "{text}: {first}, the second says {}", second(&text));
    }
}

#[test]
fn every_base_vector_scores_as_a_second_implementation_says() {
    agree("", VERSION_2, 729, |text| text.parse::<cvss_rs::v2_0::CvssV2>().unwrap().calculated_base_score().unwrap());
    for prefix in ["CVSS:3.0", "CVSS:3.1"] {
        agree(prefix, VERSION_3, 2_592, |text| {
            text.parse::<cvss_rs::v3::CvssV3>().unwrap().calculated_base_score().unwrap()
        });
    }
    agree("CVSS:4.0", VERSION_4, 104_976, |text| {
        text.parse::<cvss_rs::v4_0::CvssV4>().unwrap().calculated_base_score().unwrap()
    });
}

#[test]
fn what_advisories_published_is_computed() {
    let Some(data) = reference::data() else { return };
    let published = std::fs::read_to_string(data.join("gold-advisories/cvss_published.jsonl")).unwrap();
    let mut compared = 0;
    for line in published.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let vector = Vector::read(row["vector"].as_str().unwrap()).unwrap();
        let said = (row["published"].as_f64().unwrap(), row["severity"].as_str().unwrap());
        assert_eq!((vector.base_score(), vector.severity().name()), said, "{row}");
        compared += 1;
    }
    assert!(compared > 500, "{compared} scores");
    println!("{compared} published scores, all computed");
}

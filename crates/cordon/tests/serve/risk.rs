//! Risk while the platform runs: it follows devices, feeds and decisions, and answers what would be if.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use cordon::serve::{Platform, Role};
use serde_json::{Value, json};

use crate::access::somebody;
use crate::advisory::advisory;
use crate::client::{Client, PASSWORD, start};

fn bring_feed(client: &mut Client, bytes: Vec<u8>) -> (StatusCode, Value) {
    let request = Request::builder().method(Method::POST).uri("/api/v1/feeds?name=advisory.json");
    let answer = client.send(request.body(Body::from(bytes)).unwrap());
    (answer.status, answer.json())
}

/// A platform that saw the ward, whose risk is reckoned.
fn ward(folder: &std::path::Path) -> (Platform, Client) {
    let platform = start(folder);
    let mut ada = Client::first(&platform);
    ada.bring("ward.pcapng", hospital::ward::capture());
    let devices = ada.get("/api/v1/devices?limit=1").json()["total"].as_u64();
    ada.until("/api/v1/risk", |risk| risk["devices"].as_u64() == devices && risk["first"].is_array());
    (platform, ada)
}

/// A device whose maker and model are told.
fn named(ada: &mut Client) -> (String, String, String) {
    let rows = ada.get("/api/v1/devices?limit=1000").json();
    let row =
        rows["items"].as_array().unwrap().iter().find(|row| {
            row["vendor"]["value"] == "Philips" && row["model"]["value"].is_string() && row["medical"] == true
        });
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let row = row.unwrap();
    (text(&row["id"]), text(&row["vendor"]["value"]), text(&row["model"]["value"]))
}

fn score(risk: &Value) -> f64 {
    risk["spread"]["score"].as_f64().unwrap()
}

#[test]
fn an_advisory_that_is_brought_raises_the_device_and_the_hospital() {
    let folder = tempfile::tempdir().unwrap();
    let (platform, mut ada) = ward(folder.path());
    let (id, vendor, model) = named(&mut ada);
    let path = format!("/api/v1/devices/{id}/risk");
    let before = ada.get(&path).json();
    assert_eq!(before["findings"], json!([]));
    let hospital = ada.get("/api/v1/risk").json()["hospital"]["score"].as_f64().unwrap();
    let (status, refused) = bring_feed(&mut ada, b"{\"document\": 1}".to_vec());
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{refused}");
    let (status, brought) = bring_feed(&mut ada, advisory(&vendor, &model, "vers:all/*").into_bytes());
    assert_eq!((status, &brought["known"]), (StatusCode::OK, &json!(false)), "{brought}");
    let after = ada.until(&path, |risk| risk["findings"] != json!([]));
    let finding = &after["findings"][0];
    assert_eq!((&finding["verdict"], &finding["cve"]), (&json!("affected"), &json!("CVE-2026-0001")));
    assert_eq!(finding["cvss"]["score"], 9.8);
    assert_eq!(finding["remedies"][0]["text"], "Install release N.");
    assert!(score(&after) > score(&before), "{after}");
    assert!(ada.get("/api/v1/risk").json()["hospital"]["score"].as_f64().unwrap() > hospital);
    // Shares of each part add up, and the last step is the score.
    for part in ["susceptibility", "exposure", "impact"] {
        let causes = after["causes"].as_array().unwrap().iter().filter(|cause| cause["part"] == part);
        let sum: f64 = causes.map(|cause| cause["share"].as_f64().unwrap()).sum();
        assert!((sum - 1.0).abs() < 1e-9, "{part} {sum}");
    }
    let last = after["steps"].as_array().unwrap().last().unwrap()["score"].as_f64().unwrap();
    assert!((last - score(&after)).abs() < 1e-9, "{last}");
    // Its row, its filter and its place in the list.
    let row = ada.until(&format!("/api/v1/devices?q=id:{id}"), |list| {
        list["items"][0]["risk"]["score"].as_f64().is_some_and(|told| (told - score(&after)).abs() < 1e-9)
    });
    let band = row["items"][0]["risk"]["band"].as_str().unwrap().to_owned();
    let listed = ada.get(&format!("/api/v1/devices?q=risk:{band}&sort=-risk&limit=1000")).json();
    let scores: Vec<f64> =
        listed["items"].as_array().unwrap().iter().map(|row| row["risk"]["score"].as_f64().unwrap()).collect();
    assert!(scores.windows(2).all(|pair| pair[0] + 1e-3 >= pair[1]) && !scores.is_empty(), "{scores:?}");
    let advisories = ada.get("/api/v1/advisories").json();
    assert_eq!((&advisories["items"][0]["id"], &advisories["known"]), (&json!("EXAMPLE-2026-1"), &json!(1)));
    let detail = ada.get("/api/v1/advisories/EXAMPLE-2026-1").json();
    assert!(detail["findings"].as_array().unwrap().iter().any(|finding| finding["device"] == json!(id)), "{detail}");
    let feeds = ada.get("/api/v1/feeds").json();
    assert_eq!((&feeds["items"][0]["feed"], &feeds["items"][0]["documents"]), (&json!("csaf"), &json!(1)));
    platform.stop();
}

#[test]
fn what_if_changes_nothing_and_the_plan_keeps_to_its_budget() {
    let folder = tempfile::tempdir().unwrap();
    let (platform, mut ada) = ward(folder.path());
    let riskiest = ada.get("/api/v1/risk").json()["most"][0]["device"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/devices/{riskiest}/risk");
    let now = ada.get(&path).json();
    let options = now["options"].as_array().unwrap();
    assert!(!options.is_empty(), "{now}");
    for option in options {
        let id = option["id"].as_str().unwrap();
        let then = ada.get(&format!("{path}/what-if?do={id}")).json();
        let delta = score(&then) - score(&now);
        assert!((delta - option["delta"].as_f64().unwrap()).abs() < 1e-9 && delta < 0.0, "{id} {then}");
        assert!(then["hospital_after"].as_f64() < then["hospital_before"].as_f64(), "{then}");
    }
    let wrong = ada.get(&format!("{path}/what-if?do=nothing"));
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text());
    assert_eq!(ada.get(&path).json()["spread"], now["spread"]);
    let ways = ada.get(&format!("{path}/path")).json();
    let first = ways["paths"][0]["hops"].as_array().unwrap();
    assert_eq!((&first[0]["node"], &first.last().unwrap()["device"]), (&json!("entry"), &json!(riskiest)), "{ways}");
    for days in [0.0, 3.0, 8.0] {
        let plan = ada.get(&format!("/api/v1/plan?days={days}")).json();
        let steps = plan["steps"].as_array().unwrap();
        for step in steps {
            let sum = step["person_days_in_all"].as_f64().unwrap();
            assert!((sum <= days) != step["is_beyond"].as_bool().unwrap(), "{days} {step}");
            assert!(step["left"].as_f64() <= step["before"].as_f64(), "{step}");
        }
        assert!(steps.iter().any(|step| step["is_beyond"] == true), "{plan}");
    }
    let orders = ada.get("/api/v1/plan/export?days=8").text();
    assert!(orders.starts_with("order,kind,who,action,why,devices,"), "{orders}");
    let groups = ada.get("/api/v1/risk/groups?by=kind").json();
    let shares = groups["items"].as_array().unwrap().iter().map(|group| group["share"].as_f64().unwrap());
    assert!((shares.sum::<f64>() - 1.0).abs() < 1e-9, "{groups}");
    platform.stop();
}

#[test]
fn a_decision_has_an_owner_and_an_end_and_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (platform, mut ada) = ward(folder.path());
    let (id, vendor, model) = named(&mut ada);
    let path = format!("/api/v1/devices/{id}/risk");
    let clean = score(&ada.get(&path).json());
    bring_feed(&mut ada, advisory(&vendor, &model, "vers:all/*").into_bytes());
    let affected = score(&ada.until(&path, |risk| risk["findings"] != json!([])));
    let said = |kind: &str, until: &str| json!({ "kind": kind, "about": "CVE-2026-0001", "reason": "It is not built in.", "owner": "Grace", "until": until });
    let decide = |client: &mut Client, said: Value| client.ask("POST", &format!("{path}/decisions"), Some(said));
    let mut network = somebody(&mut ada, &platform, Role::Network);
    assert_eq!(decide(&mut network, said("accepted", "2026-12-31")).status, StatusCode::FORBIDDEN);
    let soon = soon();
    for wrong in ["2020-01-01", "2999-01-01", "tomorrow!!"] {
        assert_eq!(decide(&mut ada, said("accepted", wrong)).status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    let mut other = said("accepted", &soon);
    other["about"] = json!("CVE-1999-0001");
    assert_eq!(decide(&mut ada, other).status, StatusCode::UNPROCESSABLE_ENTITY);
    // Accepted: it is as risky as before, and nobody plans for it.
    assert_eq!(decide(&mut ada, said("accepted", &soon)).status, StatusCode::OK);
    let accepted = ada.until(&path, |risk| risk["findings"][0]["decision"]["kind"] == "accepted");
    assert!((score(&accepted) - affected).abs() < 1e-9);
    let plans_for_it = |plan: &Value| {
        let names_it =
            |step: &&Value| step["devices"].as_array().unwrap().iter().any(|device| device["id"] == json!(id));
        let mut steps = plan["steps"].as_array().unwrap().iter().filter(names_it);
        steps.any(|step| step["why"].as_str().unwrap().contains("Install release N."))
    };
    ada.until("/api/v1/plan?days=60", |plan| !plans_for_it(plan));
    // A mitigation that nobody verified counts for nothing; one that was does.
    let mut mitigated = said("mitigated", &soon);
    assert_eq!(decide(&mut ada, mitigated.clone()).status, StatusCode::OK);
    ada.until("/api/v1/plan?days=60", plans_for_it);
    assert!((score(&ada.get(&path).json()) - affected).abs() < 1e-9);
    mitigated["verified"] = json!("An attack in the test network was stopped.");
    assert_eq!(decide(&mut ada, mitigated).status, StatusCode::OK);
    ada.until(&path, |risk| score(risk) < affected - 0.1 && score(risk) > clean);
    // A false positive: as if it were not there. It stays so after a restart.
    assert_eq!(decide(&mut ada, said("false_positive", &soon)).status, StatusCode::OK);
    ada.until(&path, |risk| (score(risk) - clean).abs() < 1e-9);
    platform.stop();
    drop((ada, network));
    let platform = start(folder.path());
    let mut ada = Client::new(&platform);
    ada.ask("POST", "/api/v1/session", Some(json!({"name": "ada", "password": PASSWORD})));
    let risk = ada.until(&path, |risk| risk["findings"].as_array().is_some_and(|findings| !findings.is_empty()));
    assert!((score(&risk) - clean).abs() < 1e-9, "{risk}");
    let row = &risk["findings"][0]["decision"];
    assert_eq!((&row["owner"], &row["by"], &row["is_over"]), (&json!("Grace"), &json!("ada"), &json!(false)), "{row}");
    let decision = row["id"].as_str().unwrap();
    let back = ada.ask("DELETE", &format!("{path}/decisions/{decision}"), None);
    assert_eq!(back.status, StatusCode::NO_CONTENT, "{}", back.text());
    ada.until(&path, |risk| (score(risk) - affected).abs() < 1e-9);
    assert_eq!(ada.get("/api/v1/risk/decisions").json()["items"], json!([]));
    platform.stop();
}

/// A day of the next weeks.
fn soon() -> String {
    #[allow(clippy::disallowed_methods, reason = "decisions end by the clock")]
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let later = now + std::time::Duration::from_secs(30 * 86_400);
    model::Timestamp(i64::try_from(later.as_nanos()).unwrap()).to_string()[..10].to_owned()
}

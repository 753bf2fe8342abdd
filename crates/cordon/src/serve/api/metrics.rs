//! Figures for Prometheus (text exposition format 0.0.4).

use std::fmt::Write;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use super::{Shared, beside};

/// Figures for Prometheus. Names and addresses of devices are not among them.
#[utoipa::path(get, path = "/metrics", tag = "overview",
    responses((status = OK, content_type = "text/plain", body = String)))]
pub async fn metrics(State(app): State<Shared>) -> Result<Response, Problem> {
    let text = beside(move || {
        let (view, coverage) = (app.view(), app.coverage());
        let mut text = String::new();
        let mut figure = |name: &str, kind: &str, help: &str, rows: &[(String, f64)]| {
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
            for (labels, value) in rows {
                let _ = writeln!(text, "{name}{labels} {value}");
            }
        };
        let one = |value: f64| vec![(String::new(), value)];
        let label = |name: &str, value: &str| {
            format!("{{{name}=\"{}\"}}", value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
        };
        figure("cordon_devices", "gauge", "Devices known.", &one(view.rows.len() as f64));
        let medical = view.rows.iter().filter(|row| row.medical).count();
        figure("cordon_devices_medical", "gauge", "Devices that serve patients.", &one(medical as f64));
        figure("cordon_flows", "gauge", "Flow keys known.", &one(view.flows.len() as f64));
        figure("cordon_view_version", "counter", "Conclusions since the start.", &one(view.version as f64));
        let sensors = |pick: fn(&crate::serve::view::SourceRow) -> u64| -> Vec<(String, f64)> {
            coverage.sensors.iter().map(|sensor| (label("sensor", &sensor.name), pick(sensor) as f64)).collect()
        };
        figure("cordon_frames_total", "counter", "Frames that came.", &sensors(|sensor| sensor.frames));
        figure("cordon_frames_lost_total", "counter", "Frames that were lost.", &sensors(|sensor| sensor.lost));
        let limits: Vec<(String, f64)> =
            coverage.limits.iter().map(|limit| (label("limit", &limit.name), limit.count as f64)).collect();
        figure("cordon_turned_away_total", "counter", "What a limit turned away.", &limits);
        figure(
            "cordon_store_ok",
            "gauge",
            "1 if what is acknowledged can be kept.",
            &one(f64::from(u8::from(coverage.store.state == "ok"))),
        );
        figure("cordon_store_bytes", "gauge", "Bytes on the disk.", &one(coverage.store.bytes as f64));
        text
    });
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text.await?).into_response())
}

//! What pages are told while they are open (server-sent events, WHATWG HTML §9.2).

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event as Line, KeepAlive, Sse};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;

use super::Shared;
use super::extract::Who;
use crate::serve::events::Event;

/// Events that wait for a slow page; then it is told to ask for everything.
const WAITING: usize = 64;
/// How often it is looked whether whoever listens is still signed in.
const LOOK: Duration = Duration::from_millis(500);
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What happens, as it happens. Goes on after `Last-Event-ID`.
#[utoipa::path(get, path = "/api/v1/events", tag = "overview",
    responses((status = OK, content_type = "text/event-stream", body = String)))]
pub async fn events(
    State(app): State<Shared>,
    who: Who,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Line, Infallible>>> {
    let after = headers.get("last-event-id").and_then(|value| value.to_str().ok()).and_then(|id| id.parse().ok());
    let (teller, told) = mpsc::channel(WAITING);
    tokio::spawn(tell(app, who, after, teller));
    Sse::new(ReceiverStream::new(told)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

type Teller = mpsc::Sender<Result<Line, Infallible>>;

async fn tell(app: Shared, who: Who, after: Option<u64>, teller: Teller) {
    let (missed, mut events) = app.events.listen(after);
    // A page that has missed more than is remembered, or has just begun, asks for everything.
    let view = app.view();
    let now = Event::View { version: view.version, as_of: view.newest };
    let begun = match missed {
        Some(missed) => missed.iter().map(|(id, event)| line(Some(*id), event)).collect(),
        None => vec![line(None, &now)],
    };
    for line in begun {
        if teller.send(Ok(line)).await.is_err() {
            return;
        }
    }
    loop {
        let is_let = {
            let person = app.people.get(&who.person.name);
            let may = person.is_some_and(|person| !person.disabled && person.role == who.person.role);
            may && app.sessions.stands(&who.signed.key)
        };
        if !is_let || app.stop.is_set() {
            let _ = teller.send(Ok(Line::default().event("session").data("{}"))).await;
            return;
        }
        let next = tokio::time::timeout(LOOK, events.recv()).await;
        let line = match next {
            Err(_) => continue,
            Ok(Ok((id, event))) => line(Some(id), &event),
            Ok(Err(RecvError::Lagged(_))) => line(None, &now),
            Ok(Err(RecvError::Closed)) => return,
        };
        if teller.send(Ok(line)).await.is_err() {
            return;
        }
    }
}

fn line(id: Option<u64>, event: &Event) -> Line {
    let line = Line::default().event(event.name()).data(event.json());
    match id {
        Some(id) => line.id(id.to_string()),
        None => line,
    }
}

//! The report in a real browser: every view of reports of none, sixty and 5,000 devices, and of one whose devices have
//! names that are meant to do harm. Needs Chromium; without it the tests say so and check nothing.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets the unexpected stops there"
)]

use std::io::Read;
use std::net::TcpListener;

use serde_json::Value;

#[path = "report_in_chromium/browser.rs"]
mod browser;
#[path = "report_in_chromium/sample.rs"]
mod sample;

use browser::{Browser, Run, told, with_driver};

const DRIVER: &str = include_str!("report_in_chromium/driver.js");
const ROUTES: &[(&str, &str)] = &[
    ("#/devices", "Devices"),
    ("#/devices?q=is%3Amedical&sort=-peers", "Devices"),
    ("#/devices?cols=device,serial,zone,vlan,first", "Devices"),
    ("#/map", "Map"),
    ("#/map?group=kind", "Map"),
    ("#/map?as=table", "Map"),
    ("#/map?zone=care", "Map"),
    ("#/map?only=outside", "Map"),
    ("#/weaknesses", "Weaknesses"),
    ("#/about", "About this report"),
    ("#/devices/no-such-device", "No such device"),
    ("#/nowhere", "Devices"),
];

fn driven(data: &Value, steps: &str) -> String {
    let page = cordon::report::render(&data.to_string());
    with_driver(&page, &format!("{DRIVER}\ntell(async () => {{\n{steps}\n}});"))
}

fn routes() -> String {
    ROUTES.iter().map(|(hash, _)| format!("await visit({});\n", Value::from(*hash))).collect()
}

/// What must hold on every view of every report.
fn assert_sound(run: &Run, told: &Value) {
    assert_eq!(run.console, Vec::<String>::new(), "the console stays empty");
    assert_eq!(told["notes"]["failed"], Value::Null, "the driver came through");
    assert_eq!(told["notes"]["pwned"], "undefined");
    assert_eq!(told["notes"]["requests"], serde_json::json!([]));
    for (hash, view) in told["routes"].as_object().unwrap() {
        assert_eq!(view["errors"], "0", "{hash}");
        assert_eq!(view["headings"], 1, "{hash}");
        assert_eq!(view["nameless"], serde_json::json!([]), "{hash}: everything that can be used has a name");
        assert_eq!(view["twice"], serde_json::json!([]), "{hash}: ids are unique");
        assert!(view["sideways"].as_i64().unwrap() <= 0, "{hash} scrolls sideways by {}", view["sideways"]);
        assert_eq!(view["images"], 0, "{hash}");
        assert_eq!(view["scripts"], 4, "{hash}: colours, data, page and driver");
        if let Some((_, heading)) = ROUTES.iter().find(|(route, _)| route == hash) {
            assert_eq!(view["heading"], *heading, "{hash}");
            assert!(view["title"].as_str().unwrap().ends_with("Cordon report"), "{hash}");
        }
    }
}

fn view<'a>(told: &'a Value, hash: &str) -> &'a Value {
    told["routes"].get(hash).unwrap_or_else(|| panic!("{hash} was not visited"))
}

fn assert_says(told: &Value, hash: &str, texts: &[&str]) {
    let shown = view(told, hash)["text"].as_str().unwrap();
    for text in texts {
        assert!(shown.contains(text), "{hash} does not say {text:?}");
    }
}

#[test]
fn sixty_devices() {
    let Some(browser) = Browser::find("sixty_devices") else { return };
    let data = sample::hospital(60, &[]);
    let first = data["devices"][0]["id"].as_str().unwrap();
    let unknown =
        data["devices"].as_array().unwrap().iter().find(|one| one["name"] == "").unwrap()["id"].as_str().unwrap();
    let engine =
        data["devices"].as_array().unwrap().iter().find(|one| one["gateway"] == true).unwrap()["id"].as_str().unwrap();
    let hash = |id: &str, tab: &str| format!("#/devices/{id}{tab}");
    let (profile, vendor) = (hash(first, ""), hash(first, "?why=vendor"));
    let tabs = ["?tab=traffic", "?tab=addresses", "?tab=weaknesses"].map(|tab| hash(first, tab));
    let (stranger, conflict) = (hash(unknown, ""), hash(engine, ""));
    let (behind, focus) = (hash(engine, "?tab=behind"), format!("#/map?focus={first}"));
    let mut steps = routes();
    for route in [&profile, &vendor, &stranger, &conflict, &behind, &focus].into_iter().chain(&tabs) {
        steps.push_str(&format!("await visit({});\n", Value::from(route.as_str())));
    }
    steps.push_str(
        "await visit('#/devices');
        told.notes.order = inventory.table.rows().map((one) => [one.medical ? 0 : 1, -one.level, -one.weakKinds.length]);
        document.querySelector('th[data-key=device] .sort').click();
        document.querySelector('th[data-key=device] .sort').click();
        told.notes.down = location.hash;
        document.querySelector('th[data-key=device] .sort').click();
        told.notes.again = [location.hash, inventory.table.rows().map((one) => [one.medical ? 0 : 1, -one.level, -one.weakKinds.length])];",
    );
    let page = driven(&data, &steps);
    for width in [1440, 900] {
        let run = browser.open(&browser.page("report.html", &page), width, 20_000);
        let told = told(&run);
        assert_sound(&run, &told);
        assert_eq!(view(&told, "#/devices")["rows"], 60);
        let order: Vec<Vec<i64>> = serde_json::from_value(told["notes"]["order"].clone()).unwrap();
        assert!(order.is_sorted() && order.len() == 60, "medical first, then ways in, then weak spots: {order:?}");
        assert_eq!(told["notes"]["down"], "#/devices?sort=-device");
        assert_eq!(told["notes"]["again"], serde_json::json!(["#/devices", order]), "the third time, as at first");
        let medical = view(&told, "#/devices?q=is%3Amedical&sort=-peers")["rows"].as_u64().unwrap();
        assert!(medical > 20 && medical < 60, "{medical} medical");
        assert_says(
            &told,
            "#/devices",
            &["Infusion pump", "Example Monitoring View 8", "10.20.0.2", "not known yet", "bed-7"],
        );
        assert_says(
            &told,
            &profile,
            &["Why “", "What it says of itself", "ward.pcapng", "frame ", "an invented guide"],
        );
        assert_says(&told, &vendor, &["Together", "Before any evidence", "What would change it"]);
        assert_says(
            &told,
            &stranger,
            &["Why is the kind not known?", "The best candidate, ", "Something not known to Cordon"],
        );
        assert_says(&told, &behind, &["bed-7", "Interface engine", "These devices were never seen themselves"]);
        assert_says(&told, &conflict, &["strong evidence for two", "Example Other"]);
        assert_says(
            &told,
            "#/weaknesses",
            &["A default password is in use", "What helps", "Medical data crosses the network readable"],
        );
        assert_says(
            &told,
            "#/about",
            &["radiology.pcap.zst", "cut short at frame 90,400", "130,611", "What Cordon does not see"],
        );
        assert_says(&told, &tabs[0], &["When it talks", "dns"]);
        assert_map(&told, "#/map", 8, 60);
        assert_map(&told, "#/map?group=kind", 14, 60);
        assert!(view(&told, "#/map?as=table")["rows"].as_u64().unwrap() > 10);
    }
}

/// A box for each zone, marks in them, lines between them.
fn assert_map(told: &Value, hash: &str, boxes: u64, devices: u64) {
    let map = view(told, hash);
    assert!(map["boxes"].as_u64().unwrap() >= boxes, "{hash}: {} boxes", map["boxes"]);
    assert!(map["lines"].as_u64().unwrap() >= 6, "{hash}: {} lines", map["lines"]);
    assert!(map["marks"].as_u64().unwrap() >= boxes, "{hash}: {} shapes", map["marks"]);
    assert_says(told, hash, &[&format!("{devices}\u{a0}devices in ").replace("5000", "5,000")]);
}

#[test]
fn a_person_with_a_keyboard() {
    let Some(browser) = Browser::find("a_person_with_a_keyboard") else { return };
    let steps = r##"
await visit("#/devices");
const note = told.notes;
const names = () => all("tr[data-row] td.name a").map((one) => one.textContent);
type(document.getElementById("filter"), "kind:infusion_pump");
press("Enter");
await pause();
note.filtered = { rows: all("tr[data-row]").length, hash: location.hash, chip: shownText(document.querySelector(".tok")) };
all("th .sort").find((one) => one.textContent === "Peers").click();
await pause();
note.sorted = { hash: location.hash, sort: document.querySelector("th[aria-sort]").getAttribute("aria-sort") };
document.getElementById("filter").blur();
press("j");
await pause();
note.active = all("tr.active").length;
const first = document.activeElement;
note.focused = first.textContent === names()[0];
first.click();
await pause(120);
note.opened = look().heading;
note.wanted = first.textContent;
all("a.why").find((one) => one.closest("tr").textContent.startsWith("Maker")).click();
await pause(120);
note.why = shownText(document.querySelector(".whyp h2"));
press("]");
await pause(120);
note.tab = shownText(document.querySelector(".tabs [aria-current]"));
history.back();
await pause(200);
note.back = shownText(document.querySelector(".whyp h2"));
history.back();
await pause(200);
history.back();
await pause(200);
note.home = { heading: look().heading, rows: all("tr[data-row]").length };
press("g");
press("m");
await pause(120);
note.map = look().heading;
press("t");
await pause(120);
note.table = location.hash;
press("t");
await pause(120);
const box = document.querySelector("svg.map .z");
box.focus();
press("Enter");
await pause(120);
note.zone = { hash: location.hash, lit: all("svg.map path.fs").length, side: shownText(document.querySelector(".side h2")) };
press("Escape");
await pause(120);
note.escaped = location.hash;
const theme = document.documentElement.dataset.theme;
press("D", { shiftKey: true });
note.theme = theme !== document.documentElement.dataset.theme;
type(document.getElementById("find-input"), "ct-ward");
await pause();
note.found = all("#find-list [role=option]").length;
press("Enter");
await pause(120);
note.foundHeading = look().heading;
press("?");
await pause();
note.keys = document.getElementById("keys").open;
document.getElementById("keys").close();
await visit("#/devices");
document.querySelector(".columnmenu").open = true;
document.querySelector("[data-column=serial]").click();
await pause();
note.columns = { hash: location.hash, heads: all("th").map((one) => one.textContent), serials: shownText(document.querySelector(".scroll")).includes("SN00") };
type(document.getElementById("filter"), "nothing fits this");
await pause();
note.nothing = shownText(document.querySelector(".nothing"));
await visit("#/weaknesses");
press("j");
await pause(120);
note.kind = location.hash;
window.dispatchEvent(new Event("beforeprint"));
note.paper = shownText(document.getElementById("paper"));
window.dispatchEvent(new Event("afterprint"));
note.paperGone = document.getElementById("paper").childElementCount;
"##;
    let run = browser.open(&browser.page("report.html", &driven(&sample::hospital(60, &[]), steps)), 1440, 30_000);
    let told = told(&run);
    assert_sound(&run, &told);
    let note = &told["notes"];
    assert!(note["filtered"]["rows"].as_u64().unwrap() > 4, "{}", note["filtered"]);
    assert_eq!(note["filtered"]["hash"], "#/devices?q=kind%3Ainfusion_pump");
    assert_eq!(note["filtered"]["chip"], "kindInfusion pump");
    assert_eq!(note["sorted"]["hash"], "#/devices?q=kind%3Ainfusion_pump&sort=-peers");
    assert_eq!(note["sorted"]["sort"], "descending");
    assert_eq!(note["active"], 1);
    assert_eq!(note["focused"], true);
    assert_eq!(note["opened"], note["wanted"]);
    assert_eq!(note["why"], "Why “Example Infusion”?");
    assert_eq!(note["tab"].as_str().unwrap().trim_end_matches(char::is_numeric), "Traffic");
    assert_eq!(note["back"], note["why"], "the back button returns to the question");
    assert_eq!(note["home"]["heading"], "Devices");
    assert_eq!(note["home"]["rows"], note["filtered"]["rows"], "and then to the filtered list");
    assert_eq!(note["map"], "Map");
    assert_eq!(note["table"], "#/map?as=table");
    assert!(note["zone"]["hash"].as_str().unwrap().contains("zone="), "{}", note["zone"]);
    assert!(note["zone"]["lit"].as_u64().unwrap() > 0);
    assert_eq!(note["escaped"], "#/map");
    assert_eq!(note["theme"], true);
    assert!(note["found"].as_u64().unwrap() > 1);
    assert!(note["foundHeading"].as_str().unwrap().starts_with("ct-ward"));
    assert_eq!(note["keys"], true);
    assert!(note["columns"]["hash"].as_str().unwrap().contains("serial"));
    assert!(note["columns"]["heads"].as_array().unwrap().contains(&Value::from("Serial number")));
    assert_eq!(note["columns"]["serials"], true);
    assert!(note["nothing"].as_str().unwrap().starts_with("No device fits"), "{}", note["nothing"]);
    assert!(note["kind"].as_str().unwrap().starts_with("#/weaknesses?kind="));
    assert!(note["paper"].as_str().unwrap().contains("What helps"));
    assert_eq!(note["paperGone"], 0);
}

#[test]
fn no_devices() {
    let Some(browser) = Browser::find("no_devices") else { return };
    let run = browser.open(&browser.page("report.html", &driven(&sample::hospital(0, &[]), &routes())), 1440, 15_000);
    let walked = told(&run);
    assert_sound(&run, &walked);
    assert_says(&walked, "#/devices", &["No device was seen"]);
    assert_says(&walked, "#/map", &["There is nothing to draw"]);
    assert_says(&walked, "#/weaknesses", &["No weakness was seen"]);
    // Data without anything in them, and data that are no JSON at all, still give a page that says so.
    let run = browser.open(&browser.page("bare.html", &driven(&serde_json::json!({}), &routes())), 1440, 15_000);
    assert_sound(&run, &told(&run));
    let page = with_driver(
        &cordon::report::render("{\"devices\": [<"),
        &format!("{DRIVER}\ntell(async () => {{ await visit('#/map'); }});"),
    );
    let told = told(&browser.open(&browser.page("broken.html", &page), 1440, 5_000));
    assert_eq!(view(&told, "#/map")["heading"], "This report cannot be read");
}

#[test]
fn five_thousand_devices() {
    let Some(browser) = Browser::find("five_thousand_devices") else { return };
    let data = sample::hospital(5000, &[]);
    let steps = format!(
        "{}
        await visit('#/devices');
        const scroll = document.querySelector('.scroll');
        scroll.scrollTop = 2500 * 32;
        scroll.dispatchEvent(new Event('scroll'));
        await pause(200);
        told.notes.scrolled = {{ rows: all('tr[data-row]').length, first: Number(document.querySelector('tr[data-row]').dataset.row) }};",
        routes()
    );
    let address = browser.page("report.html", &driven(&data, &steps));
    let run = browser.open(&address, 1440, 60_000);
    let walked = told(&run);
    assert_sound(&run, &walked);
    assert_eq!(view(&walked, "#/devices")["rowCount"], "5001");
    let drawn = view(&walked, "#/devices")["rows"].as_u64().unwrap();
    assert!((20..100).contains(&drawn), "{drawn} of 5,000 rows exist as elements");
    assert!((20..100).contains(&walked["notes"]["scrolled"]["rows"].as_u64().unwrap()));
    assert!((2400..2501).contains(&walked["notes"]["scrolled"]["first"].as_u64().unwrap()), "{}", walked["notes"]);
    assert_map(&walked, "#/map", 8, 5000);
    assert_map(&walked, "#/map?group=kind", 14, 5000);
    let (picture, shot) = browser.picture("map.png", &format!("{address}#/map"), 1440);
    assert_eq!(shot.console, Vec::<String>::new());
    let size = std::fs::metadata(&picture).unwrap().len();
    assert!(size > 60_000, "the picture of the map holds {size} bytes: it is not drawn");
    // Measured, not asserted: it depends on the machine.
    let plain = browser.page(
        "plain.html",
        &with_driver(&cordon::report::render(&data.to_string()), &format!("{DRIVER}\ntell(async () => {{}});")),
    );
    let bytes = std::fs::metadata(plain.trim_start_matches("file://")).unwrap().len();
    let loaded = browser.load(&plain);
    eprintln!(
        "5,000 devices: {:.1} MB, usable after {} ms of the page, {} ms with the start of the browser",
        bytes as f64 / 1e6,
        told(&loaded)["notes"]["startMs"],
        loaded.took.as_millis()
    );
}

#[test]
fn hostile_names() {
    let Some(browser) = Browser::find("hostile_names") else { return };
    let (listener, address) = listen();
    let names = sample::hostile_names(&address);
    let mut data = sample::hospital(60, &names);
    for (index, name) in names.iter().enumerate() {
        spoil(&mut data, index, name);
    }
    let mut steps = routes();
    for device in data["devices"].as_array().unwrap().iter().take(names.len()) {
        steps.push_str(&format!("await visit('#/devices/' + encodeURIComponent({}));\n", device["id"]));
        steps
            .push_str(&format!("await visit('#/devices/' + encodeURIComponent({}) + '?tab=traffic');\n", device["id"]));
    }
    steps.push_str("await visit('#/devices?q=%3Cimg%20src%3Dx%20onerror%3Dwindow.pwned%3D1%3E');\n");
    steps.push_str("await visit('#/devices?q=%ZZ&sort=__proto__&cols=__proto__,constructor');\n");
    steps.push_str("await visit('#/map?group=__proto__&zone=constructor&focus=%3Cb%3E&app=%3Cscript%3E');\n");
    steps.push_str("window.dispatchEvent(new Event('beforeprint')); told.notes.paper = shownText(document.getElementById('paper')).length; window.dispatchEvent(new Event('afterprint'));\n");
    for width in [1440, 420] {
        let run = browser.open(&browser.page("report.html", &driven(&data, &steps)), width, 40_000);
        let told = told(&run);
        assert_sound(&run, &told);
        for (hash, view) in told["routes"].as_object().unwrap() {
            let text = view["text"].as_str().unwrap();
            let turned = ['\u{202e}', '\u{2066}', '\u{200f}', '\u{2028}', '\u{0}', '\u{1b}'];
            assert!(!text.contains(turned), "{hash} shows a character that rearranges text");
        }
        assert_says(
            &told,
            "#/devices",
            &[
                "</script><script>window.pwned=1</script>",
                "<img src=",
                "__proto__",
                "مضخة التسريب 12",
                "&lt;b&gt;&amp;",
            ],
        );
        assert!(told["notes"]["paper"].as_u64().unwrap() > 1000);
    }
    assert!(listener.accept().is_err(), "the report sent a request");
    policy_holds_against_scripts(&browser, &data);
}

fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

/// The policy tried on purpose: even a script that got in could not tell anybody anything.
fn policy_holds_against_scripts(browser: &Browser, data: &Value) {
    let (listener, address) = listen();
    let (frames, frame_address) = listen();
    let attempts = format!(
        "document.addEventListener('securitypolicyviolation', (event) => {{ told.notes[event.effectiveDirective] = true; }});
        const image = new Image(); image.src = 'http://{address}/image';
        fetch('http://{address}/fetch').catch(() => {{ told.notes.fetched = 'refused'; }});
        try {{ navigator.sendBeacon('http://{address}/beacon', 'x'); }} catch (error) {{}}
        const style = document.createElement('style');
        style.textContent = 'body{{background:url(http://{address}/css)}}'; document.head.append(style);
        const frame = document.createElement('iframe');
        frame.src = 'http://{frame_address}/frame'; document.body.append(frame);
        await pause(1500);"
    );
    let told = told(&browser.open(&browser.page("attempts.html", &driven(data, &attempts)), 1440, 10_000));
    assert_eq!(told["notes"]["fetched"], "refused");
    for directive in ["img-src", "connect-src", "style-src-elem", "frame-src"] {
        assert_eq!(told["notes"][directive], true, "{directive} was enforced: {}", told["notes"]);
    }
    assert!(listener.accept().is_err(), "the policy let a request through");
    // For a frame Chromium opens the connection before it asks the policy; nothing may be said on it.
    while let Ok((mut connection, _)) = frames.accept() {
        let mut said = Vec::new();
        connection.set_nonblocking(false).unwrap();
        connection.read_to_end(&mut said).unwrap();
        assert_eq!(said, Vec::<u8>::new(), "the policy let a frame's request through");
    }
}

/// Puts the name wherever a text of the network can stand.
fn spoil(data: &mut Value, index: usize, name: &str) {
    let text = Value::from(name);
    let device = &mut data["devices"][index];
    for attribute in ["vendor", "model", "serial"] {
        if device["attributes"][attribute]["value"].is_string() {
            device["attributes"][attribute]["value"] = text.clone();
        }
        for piece in device["attributes"][attribute]["evidence"].as_array_mut().into_iter().flatten() {
            for field in ["value", "field", "rule", "capture", "source"] {
                piece[field] = text.clone();
            }
        }
    }
    device["interfaces"][0]["organisation"] = text.clone();
    device["conflicts"] = serde_json::json!([{"attribute": name, "text": name, "values": [name, name]}]);
    device["roles"] =
        serde_json::json!([{"role": name, "rule": name, "field": name, "capture": name, "frame": 1, "count": 1}]);
    data["flows"][index]["application"] = text.clone();
    data["flows"][index]["operations"] = serde_json::json!({ name: 3 });
    data["weaknesses"][index]["protocol"] = text.clone();
    data["weaknesses"][index]["kind"] = text;
}

#[test]
fn on_paper_and_in_the_dark() {
    let Some(browser) = Browser::find("on_paper_and_in_the_dark") else { return };
    let page = cordon::report::render(&sample::hospital(60, &[]).to_string());
    let address = browser.page("report.html", &page);
    let (paper, run) = browser.paper("report.pdf", &address);
    assert_eq!(run.console, Vec::<String>::new());
    assert!(std::fs::metadata(paper).unwrap().len() > 30_000, "the printed report holds its tables");
    let mut sizes = Vec::new();
    for theme in ["light", "dark"] {
        for (name, hash) in
            [("devices", "#/devices"), ("map", "#/map"), ("weaknesses", "#/weaknesses"), ("about", "#/about")]
        {
            let (picture, run) =
                browser.picture(&format!("{name}-{theme}.png"), &format!("{address}?theme={theme}{hash}"), 1440);
            assert_eq!(run.console, Vec::<String>::new());
            sizes.push(std::fs::read(picture).unwrap().len());
        }
    }
    assert!(sizes.iter().all(|size| *size > 30_000), "every picture shows something: {sizes:?}");
}

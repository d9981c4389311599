//! What every request goes through: headers, the host it was meant for, who asks.

use std::net::IpAddr;
use std::sync::PoisonError;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::{Shared, Who, html};
use crate::workspace::machine_time;

/// Name of the cookie that holds a session's key.
pub(super) const COOKIE: &str = "hoso";

/// Sent with every page, unless it says otherwise itself. Without any referrer, browsers would not say either where a form comes from.
const HEADERS: [(HeaderName, &str); 9] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    (HeaderName::from_static("x-robots-tag"), "noindex"),
];

pub(super) async fn headers(request: Request, next: Next) -> Response {
    let mut response = in_vietnamese(next.run(request).await);
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// What the library refuses by itself (an address that is no text, a method, a body too long), it says in English or not at all.
fn in_vietnamese(response: Response) -> Response {
    let is_page = text(response.headers(), &header::CONTENT_TYPE).is_some_and(|kind| kind.starts_with("text/html"));
    if !response.status().is_client_error() || is_page {
        return response;
    }
    let mut page = html::trouble(
        response.status(),
        "Yêu cầu này không đọc được hoặc không được phép.",
        "Kiểm tra lại địa chỉ, hoặc bắt đầu từ trang tra cứu.",
    );
    if let Some(allowed) = response.headers().get(header::ALLOW) {
        page.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    page
}

/// Refuses what was meant for another host: a page elsewhere could have its name lead here (DNS rebinding), and where nobody logs
/// in the browser on this machine would be let in. A form must come from a page of ours.
pub(super) async fn host(State(desk): State<Shared>, request: Request, next: Next) -> Response {
    let host = text(request.headers(), &header::HOST).unwrap_or_default();
    if !desk.asks_for_login() && !is_here(host, desk.address.port()) {
        return html::trouble(
            StatusCode::MISDIRECTED_REQUEST,
            "Địa chỉ này không phải của trang tra cứu.",
            "Mở trang bằng đúng địa chỉ mà lệnh hoso serve in ra.",
        );
    }
    if request.method() == Method::POST && !is_from_here(request.headers(), host) {
        return html::trouble(
            StatusCode::FORBIDDEN,
            "Yêu cầu không đến từ trang tra cứu.",
            "Mở trang tra cứu rồi làm lại từ đó.",
        );
    }
    next.run(request).await
}

/// Where proxies say whom they ask for.
pub(super) const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address a request comes from: the peer's, or, where that is a proxy the settings trust, the last one in its header that is no
/// such proxy. What stands before that anybody may have written.
pub(super) fn client(headers: &HeaderMap, peer: IpAddr, proxies: &[IpAddr]) -> IpAddr {
    let mut address = peer.to_canonical();
    let lines = headers.get_all(FORWARDED_FOR).into_iter().filter_map(|value| value.to_str().ok());
    let named: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    for one in named.into_iter().rev() {
        match one.parse::<IpAddr>() {
            Ok(one) if proxies.contains(&address) => address = one.to_canonical(),
            _ => break,
        }
    }
    address
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Whether a host, as a browser sends it, is this machine at this port.
fn is_here(host: &str, port: u16) -> bool {
    let name = host.strip_suffix(&format!(":{port}")).unwrap_or(if port == 80 { host } else { "" });
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether the page that sent a form is one of this host.
fn is_from_here(headers: &HeaderMap, host: &str) -> bool {
    match (text(headers, &header::ORIGIN), text(headers, &HeaderName::from_static("sec-fetch-site"))) {
        (Some(origin), _) => origin.split_once("://").is_some_and(|(_, own)| !host.is_empty() && own == host),
        (None, Some(site)) => site == "same-origin",
        (None, None) => false,
    }
}

/// Lets through who is logged in, or everybody where nobody need be.
pub(super) async fn known(State(desk): State<Shared>, mut request: Request, next: Next) -> Response {
    let key = key(request.headers()).map(str::to_owned);
    let who = if desk.asks_for_login() {
        let mut sessions = desk.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let user = key.as_ref().and_then(|key| sessions.user(key, machine_time()));
        drop(sessions);
        let user = user.and_then(|id| desk.users.find(&id));
        let Some(user) = user else {
            return if request.method() == Method::GET {
                Redirect::to("/dang-nhap").into_response()
            } else {
                html::trouble(StatusCode::UNAUTHORIZED, "Phiên làm việc đã hết.", "Đăng nhập lại.")
            };
        };
        Who { name: user.name.to_string(), session: key }
    } else {
        Who { name: String::new(), session: None }
    };
    request.extensions_mut().insert(who);
    next.run(request).await
}

/// The session's key among the cookies.
fn key(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == COOKIE && value.len() == 64).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_here() {
        for host in ["127.0.0.1:8765", "localhost:8765", "LOCALHOST:8765", "[::1]:8765", "127.1.2.3:8765"] {
            assert!(is_here(host, 8765), "{host}");
        }
        for host in [
            "",
            "localhost",
            "localhost:80",
            "evil.example:8765",
            "127.0.0.1.evil.example:8765",
            "192.0.2.1:8765",
            ":8765",
        ] {
            assert!(!is_here(host, 8765), "{host}");
        }
        assert!(is_here("localhost", 80));
    }

    #[test]
    fn forms_come_from_pages_of_the_same_host() {
        let from = |pairs: &[(&'static str, &'static str)]| {
            let pairs =
                pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
            is_from_here(&pairs.collect(), "kho.example")
        };
        assert!(from(&[("origin", "https://kho.example")]));
        assert!(from(&[("sec-fetch-site", "same-origin")]));
        assert!(!from(&[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")]));
        assert!(!from(&[("origin", "null")]) && !from(&[]) && !from(&[("sec-fetch-site", "same-site")]));
    }

    #[test]
    fn only_a_proxy_that_is_trusted_says_whom_it_asks_for() {
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        let of = |forwarded: &'static str, peer: &str, trusted: &[&str]| {
            let headers = HeaderMap::from_iter([(FORWARDED_FOR, HeaderValue::from_static(forwarded))]);
            let trusted: Vec<IpAddr> = trusted.iter().copied().map(address).collect();
            client(&headers, address(peer), &trusted).to_string()
        };
        assert_eq!(of("192.0.2.7", "127.0.0.1", &[]), "127.0.0.1", "nobody is trusted unasked");
        assert_eq!(of("192.0.2.7", "203.0.113.9", &["127.0.0.1"]), "203.0.113.9");
        assert_eq!(of("192.0.2.7", "127.0.0.1", &["127.0.0.1"]), "192.0.2.7");
        assert_eq!(of("192.0.2.7", "::ffff:127.0.0.1", &["127.0.0.1"]), "192.0.2.7");
        assert_eq!(of("192.0.2.7, 203.0.113.9", "127.0.0.1", &["127.0.0.1"]), "203.0.113.9", "the rest is hearsay");
        assert_eq!(of("203.0.113.9, 10.0.0.2", "127.0.0.1", &["127.0.0.1", "10.0.0.2"]), "203.0.113.9");
        assert_eq!(of("la la", "127.0.0.1", &["127.0.0.1"]), "127.0.0.1");
    }

    #[test]
    fn the_key_is_found_among_cookies() {
        let headers = |value: &str| HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(value).unwrap())]);
        let own = "a".repeat(64);
        assert_eq!(key(&headers(&format!("x=1; hoso={own}; y=2"))), Some(own.as_str()));
        assert_eq!(key(&headers("hoso=short")), None);
    }
}

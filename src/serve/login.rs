//! Logging in and out.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::PoisonError;

use axum::Extension;
use axum::extract::{ConnectInfo, Form, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use unicode_normalization::UnicodeNormalization as _;

use super::html::{self, escape};
use super::{Shared, Who, guard, note, password};
use crate::workspace::machine_time;

pub(super) async fn page(State(desk): State<Shared>) -> Response {
    if desk.asks_for_login() { form(StatusCode::OK, "", None) } else { Redirect::to("/").into_response() }
}

pub(super) async fn enter(
    State(desk): State<Shared>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Form(typed): Form<HashMap<String, String>>,
) -> Response {
    let of = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let (id, secret): (String, String) = (of("ten").trim().nfc().collect(), of("mat_khau"));
    let address = guard::client(&headers, peer.ip(), &desk.users.proxies());
    let from = if address == peer.ip() && headers.contains_key(guard::FORWARDED_FOR) {
        format!("{address} (proxy chưa khai trong proxy_tin_cay)")
    } else {
        address.to_string()
    };
    let begun = desk.attempts.lock().unwrap_or_else(PoisonError::into_inner).begin(&id, address, machine_time());
    if let Err(wait) = begun {
        note(&format!("đăng nhập: từ chối “{id}” từ {from}: thử quá nhiều lần"));
        let minutes = wait.as_secs().div_ceil(60).max(1);
        let text = format!("Đăng nhập sai quá nhiều lần. Thử lại sau {minutes} phút.");
        let mut response = form(StatusCode::TOO_MANY_REQUESTS, &id, Some(&text));
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        return response;
    }
    let hash = desk.users.find(&id).map(|user| user.password.to_string());
    let Ok(_turn) = desk.hashing.acquire().await else { return form(StatusCode::SERVICE_UNAVAILABLE, &id, None) };
    let fits = tokio::task::spawn_blocking(move || password::verify(&secret, hash.as_deref())).await.unwrap_or(false);
    if !fits {
        note(&format!("đăng nhập: “{id}” từ {from}: sai tên hoặc mật khẩu"));
        return form(StatusCode::UNAUTHORIZED, &id, Some("Sai tên đăng nhập hoặc mật khẩu."));
    }
    desk.attempts.lock().unwrap_or_else(PoisonError::into_inner).passed(&id, address);
    let key = desk.sessions.lock().unwrap_or_else(PoisonError::into_inner).begin(&id, machine_time());
    let Some(key) = key else { return super::failed("hệ thống không cho số ngẫu nhiên") };
    note(&format!("đăng nhập: “{id}” từ {from}"));
    // The proxy in front says whether it speaks TLS with the browser.
    let is_secure = headers.get("x-forwarded-proto").is_some_and(|value| value == "https");
    let secure = if is_secure { "; Secure" } else { "" };
    let cookie = format!("{}={key}; Path=/; HttpOnly; SameSite=Strict{secure}", guard::COOKIE);
    with_cookie(Redirect::to("/").into_response(), &cookie)
}

pub(super) async fn leave(State(desk): State<Shared>, Extension(who): Extension<Who>) -> Response {
    if let Some(key) = &who.session {
        desk.sessions.lock().unwrap_or_else(PoisonError::into_inner).end(key);
    }
    let gone = format!("{}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0", guard::COOKIE);
    with_cookie(Redirect::to("/dang-nhap").into_response(), &gone)
}

fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
    response
}

fn form(status: StatusCode, id: &str, wrong: Option<&str>) -> Response {
    let wrong =
        wrong.map(|wrong| format!("<p class=\"wrong\" role=\"alert\">{}</p>\n", escape(wrong))).unwrap_or_default();
    let body = format!(
        "<form method=\"post\" action=\"/dang-nhap\" class=\"login\">\n{wrong}\
         <p><label for=\"ten\">Tên đăng nhập</label><input id=\"ten\" name=\"ten\" value=\"{}\" autocomplete=\"username\" required autofocus></p>\n\
         <p><label for=\"mat_khau\">Mật khẩu</label><input id=\"mat_khau\" name=\"mat_khau\" type=\"password\" autocomplete=\"current-password\" required></p>\n\
         <p><button>Đăng nhập</button></p>\n</form>\n",
        escape(id)
    );
    html::page(status, "Đăng nhập", None, &body)
}

//! `hoso serve`: the officers' page.

use std::io::{BufRead as _, IsTerminal as _};
use std::sync::Arc;

use super::{Context, Error, Outcome};
use crate::cli::Serve;
use crate::serve;
use crate::settings::users::{FILE, Users};
use crate::watch;

/// Shortest password, in letters.
const SHORTEST: usize = 12;

pub(super) fn run(context: &Context, args: &Serve) -> Result<Outcome, Error> {
    if args.hash_password {
        return hash(context);
    }
    let workspace = context.workspace()?;
    let path = workspace.root().join(FILE);
    let users = match crate::fs::read_if_there(&path)? {
        None => Users::default(),
        Some(bytes) => Users::parse(&String::from_utf8_lossy(&bytes), FILE).map_err(Error::Findings)?,
    };
    let stop = Arc::new(tokio::sync::Notify::new());
    let stopped = stop.clone();
    watch::on_stop(move || stopped.notify_one())
        .map_err(|error| Error::Plain(format!("{error}."), "Thử chạy lại.".to_owned()))?;
    let asks = if users.users.is_empty() { "không hỏi tên" } else { "có đăng nhập" };
    let served = serve::run(workspace, users, args.listen, stop, |address| {
        let _ = context.say(&format!("Trang tra cứu: http://{address}/ ({asks}). Dừng bằng Ctrl-C."));
    });
    served.map_err(|error| {
        let hint = match error {
            serve::Error::Open(_) => format!(
                "Khai người dùng trong {FILE} trước (chuỗi băm mật khẩu: “hoso serve --hash-password”), hoặc chỉ mở cho máy này: --listen 127.0.0.1:8765."
            ),
            serve::Error::Listen { .. } => "Chọn cổng khác bằng --listen, hoặc dừng chương trình đang giữ cổng ấy.".to_owned(),
            serve::Error::Run(_) => "Thử chạy lại.".to_owned(),
        };
        Error::Plain(crate::letter::wording::capitalised(&format!("{error}.")), hint)
    })?;
    Ok(Outcome::Fine)
}

fn hash(context: &Context) -> Result<Outcome, Error> {
    let password = if std::io::stdin().is_terminal() {
        rpassword::prompt_password("Mật khẩu (không hiện khi gõ): ")?
    } else {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        line.trim_end_matches(['\n', '\r']).to_owned()
    };
    if password.chars().count() < SHORTEST {
        return Err(Error::Plain(
            format!("Mật khẩu phải có ít nhất {SHORTEST} ký tự."),
            "Nên dùng vài từ ghép lại, dễ nhớ mà dài.".to_owned(),
        ));
    }
    let Some(hash) = serve::hash(&password) else {
        return Err(Error::Plain("Hệ thống không cho số ngẫu nhiên.".to_owned(), "Thử chạy lại.".to_owned()));
    };
    context.say(&hash)?;
    Ok(Outcome::Fine)
}

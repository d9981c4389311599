
(function () {
  "use strict";
  var d = document, signs = d.getElementById("song"), warning = d.getElementById("canh-bao");
  var table = d.querySelector("table#bang"), tools = d.getElementById("cong-cu");
  function minutes(n) { return n < 120 ? n + " phút" : n < 2880 ? Math.round(n / 60) + " giờ" : Math.round(n / 1440) + " ngày"; }
  function look() {
    var now = Date.now(), said = [], board = d.getElementById("ngay").dataset.ngay;
    var today = new Date(now + 7 * 3600000).toISOString().slice(0, 10);
    if (board < today) said.push("Bảng này của ngày " + board.split("-").reverse().join("/") + ", không phải của hôm nay.");
    if (signs.dataset.dung) said.push("Chương trình theo dõi đã dừng: thay đổi trong thư mục chưa được xử lý.");
    else if (signs.dataset.song) {
      var silent = (now - Date.parse(signs.dataset.song)) / 1000;
      if (silent > 2 * Number(signs.dataset.trong) + 60) said.push("Chương trình theo dõi im lặng đã " + minutes(Math.round(silent / 60)) + ".");
    }
    if (said.length) said.push("Hãy báo người quản trị.");
    var text = said.join(" ");
    if (warning.textContent !== text) warning.textContent = text;
    warning.hidden = !said.length;
  }
  look();
  setInterval(look, 30000);

  // The state of tools lies in the address, so that it outlives the reload.
  var state = new URLSearchParams(location.hash.slice(1).indexOf("=") > 0 ? location.hash.slice(1) : "");
  function keep(key, value) {
    if (value) state.set(key, value); else state.delete(key);
    var text = state.toString();
    try { history.replaceState(null, "", text ? "#" + text : location.pathname); } catch (e) { /* stays unsaved */ }
  }
  setInterval(function () {
    var busy = d.activeElement && d.activeElement.id === "tim" || String(d.getSelection());
    if (!busy && !d.hidden) location.reload();
  }, 60000);
  if (!table) return;

  var bodies = Array.prototype.slice.call(table.tBodies);
  var rows = Array.prototype.slice.call(table.querySelectorAll("tbody tr:not(.group)"));
  var flat = d.createElement("tbody");
  rows.forEach(function (row, i) { row.home = row.parentNode; row.place = i; row.words = plain(row.textContent); });
  function plain(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
  }
  function element(name, props) { return Object.assign(d.createElement(name), props); }
  function labelled(text, control) {
    var label = element("label", { textContent: text });
    label.appendChild(control);
    tools.appendChild(label);
    return control;
  }
  var search = labelled("Tìm", element("input", { id: "tim", type: "search", placeholder: "mã, tên, nội dung…" }));
  function choice(text, id, options) {
    var select = labelled(text, element("select", { id: id }));
    options.forEach(function (o) { select.appendChild(element("option", { value: o[0], textContent: o[1] })); });
    return select;
  }
  var groups = bodies.map(function (body) { return [body.id, body.rows[0].textContent.replace(/ \(.*/, "")]; });
  if (!groups.some(function (g) { return g[0] === "loi"; }) && rows.some(function (r) { return "loi" in r.dataset; })) groups.push(["loi", "Có lỗi"]);
  var group = choice("Nhóm", "nhom", [["", "tất cả"]].concat(groups));
  var names = Array.from(new Set(rows.map(function (r) { return r.dataset.ai; }))).filter(Boolean).sort(function (a, b) { return a.localeCompare(b, "vi"); });
  var person = choice("Người làm", "ai", [["", "tất cả"]].concat(names.map(function (n) { return [n, n]; })));
  var all = element("button", { type: "button", textContent: "Bỏ lọc" });
  tools.appendChild(all);
  var count = element("p", { id: "so-dong" });
  count.setAttribute("aria-live", "polite");
  tools.appendChild(count);

  function filter() {
    var words = plain(search.value).split(/\s+/).filter(Boolean), shown = 0;
    rows.forEach(function (row) {
      var is = (!group.value || row.classList.contains(group.value) || group.value === "loi" && "loi" in row.dataset) &&
        (!person.value || row.dataset.ai === person.value) && words.every(function (w) { return row.words.indexOf(w) >= 0; });
      row.hidden = !is;
      shown += is;
    });
    bodies.forEach(function (body) {
      body.rows[0].hidden = !rows.some(function (row) { return row.home === body && !row.hidden; });
    });
    count.textContent = shown === rows.length ? rows.length + " hồ sơ" : shown + " trong " + rows.length + " hồ sơ";
    keep("tim", search.value); keep("nhom", group.value); keep("ai", person.value);
  }
  function sort(key, down) {
    if (!key) {
      rows.sort(function (a, b) { return a.place - b.place; }).forEach(function (row) { row.home.appendChild(row); });
      flat.remove();
      bodies.forEach(function (body) { table.appendChild(body); });
    } else {
      var way = down ? -1 : 1;
      rows.sort(function (a, b) { return way * a.dataset[key].localeCompare(b.dataset[key], "vi") || a.place - b.place; });
      rows.forEach(function (row) { flat.appendChild(row); });
      bodies.forEach(function (body) { body.remove(); });
      table.appendChild(flat);
    }
    heads.forEach(function (th) {
      if (th.dataset.xep === key) th.setAttribute("aria-sort", down ? "descending" : "ascending");
      else th.removeAttribute("aria-sort");
    });
    keep("xep", key && (down ? "-" : "") + key);
  }
  var heads = Array.prototype.slice.call(table.querySelectorAll("th[data-xep]"));
  heads.forEach(function (th) {
    var button = element("button", { type: "button", textContent: th.textContent, title: "Sắp xếp" });
    th.dataset.ten = th.textContent;
    th.textContent = "";
    th.appendChild(button);
    // Up, down, and back to groups.
    button.addEventListener("click", function () {
      var now = th.getAttribute("aria-sort");
      if (!now) sort(th.dataset.xep, false); else if (now === "ascending") sort(th.dataset.xep, true); else sort("");
    });
  });
  search.value = state.get("tim") || "";
  group.value = state.get("nhom") || "";
  person.value = state.get("ai") || "";
  if (group.selectedIndex < 0) group.value = "";
  if (person.selectedIndex < 0) person.value = "";
  [[search, "input"], [group, "change"], [person, "change"]].forEach(function (c) { c[0].addEventListener(c[1], filter); });
  all.addEventListener("click", function () { search.value = group.value = person.value = ""; filter(); sort(""); search.focus(); });
  d.querySelectorAll(".counts a").forEach(function (a) {
    a.addEventListener("click", function (event) {
      event.preventDefault();
      group.value = a.hash.slice(1);
      sort("");
      filter();
      table.scrollIntoView();
    });
  });
  var by = state.get("xep") || "";
  if (heads.some(function (th) { return th.dataset.xep === by.replace("-", ""); })) sort(by.replace("-", ""), by[0] === "-");
  filter();
  tools.hidden = false;
})();

"""Has the JSON Schema of case files judged by check-jsonschema and by the language server editors use.

    judge.py HOSO SERVER SAMPLES...

HOSO is the program, SERVER the folder of yaml-language-server's package, SAMPLES case files that are right. Works in the current folder.
Good files must be accepted by both judges, bad ones refused on their line; a key or word broken anywhere in a sample must be refused by the
schema exactly where the program refuses it; hover explains, completion offers. Ends with a line of counts; exit 0 when all is as it should be.
"""

import json
import pathlib
import re
import subprocess
import sys
import threading

from check_jsonschema.parsers.yaml import construct_yaml_implementation
from jsonschema import Draft7Validator

CODE = "KN-2026-0001"
HEAD = f"# yaml-language-server: $schema=.vscode/ho-so.schema.json\nma_ho_so: {CODE}\n"

# What is wrong, the text behind the head, the line it is on. The head has two lines.
BAD = [
    ("a mistyped key", "tiep_nhan:\n  ngay_denn: 12/10/2026\n", 4),
    ("a key of another block", "tiep_nhan:\n  thuoc_pham_vi: co\n", 4),
    ("an unknown block", "tiep_nhann:\n  gio: 9h\n", 3),
    ("a word that is none of the list", "nguoi_khieu_nai:\n  loai: cong_ty\n", 4),
    ("no date", "tiep_nhan:\n  ngay_den: 20/13/2026\n", 4),
    ("a date the wrong way round", "tiep_nhan:\n  ngay_den: 2026/11/20\n", 4),
    ("no hour", "tiep_nhan:\n  gio: 25:00\n", 4),
    ("neither yes nor no", "xem_xet_tiep_nhan:\n  thuoc_pham_vi: true\n", 4),
    ("a text where a list belongs", "tiep_nhan:\n  yeu_cau: Làm rõ\n", 4),
    ("a list where a text belongs", "tiep_nhan:\n  tom_tat:\n    - Một\n", 5),
    ("an empty list item", "tiep_nhan:\n  yeu_cau:\n    - Một\n    -\n", 6),
    ("a citizen id too short", 'nguoi_khieu_nai:\n  so_can_cuoc: "12345"\n', 4),
    ("no email address", "nguoi_khieu_nai:\n  email: huong\n", 4),
    ("a path out of the folder", "tiep_nhan:\n  tep_ghi_am: ../a.wav\n", 4),
    ("a number below one", "giai_quyet:\n  - lan: 0\n", 4),
    ("a key twice", "tiep_nhan:\n  gio: 9h\n  gio: 10h\n", 5),
]
GOOD = [
    ("half-filled", "tiep_nhan:\n  ngay_den:\n  yeu_cau:\nphieu_tiep_nhan:\n"),
    (
        "numbers without quotes",
        "nguoi_khieu_nai:\n  ten: 113\n  ma_so_thue: 0101300842\n  so_can_cuoc: 001085012345\n  dien_thoai: 0912345678\n"
        "tiep_nhan:\n  so_den: 118\n  serial_chung_thu: 54010000\n  ngay_den: 2026-11-19\n  gio: 9:40\n",
    ),
    ("words with accents", "xem_xet_tiep_nhan:\n  thuoc_pham_vi: có\n  xu_ly_ngay_duoc: Không\n"),
]
# Codes of mistakes a schema can see.
STRUCTURE = {"HS006", "HS007", "HS008", "HS009", "HS010", "HS011", "HS013", "HS024"}

checks = faults = 0


def judge(right, what, detail=""):
    global checks, faults
    checks += 1
    if not right:
        faults += 1
        print(f"FAULT {what} {detail}")


class Server:
    """yaml-language-server over standard input and output."""

    def __init__(self, folder, root):
        program = pathlib.Path(folder) / "node_modules/yaml-language-server/bin/yaml-language-server"
        self.process = subprocess.Popen(["node", str(program), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.answers, self.diagnostics, self.number = {}, {}, 0
        self.news = threading.Condition()
        self.settings = {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False, "url": ""}}
        threading.Thread(target=self._listen, daemon=True).start()
        uri = root.as_uri()
        capabilities = {
            "textDocument": {
                "hover": {"contentFormat": ["markdown"]},
                "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}},
                "publishDiagnostics": {"relatedInformation": True},
            },
            "workspace": {"configuration": True, "didChangeConfiguration": {}},
        }
        folders = [{"uri": uri, "name": "ho-so"}]
        self.ask("initialize", {"processId": None, "rootUri": uri, "capabilities": capabilities, "workspaceFolders": folders})
        self.tell("initialized", {})
        self.tell("workspace/didChangeConfiguration", {"settings": {"yaml": self.settings}})

    def _listen(self):
        stream = self.process.stdout
        while True:
            length = 0
            while (line := stream.readline().strip()) != b"":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not length:
                return
            message = json.loads(stream.read(length))
            with self.news:
                if "method" in message and "id" in message:
                    result = None
                    if message["method"] == "workspace/configuration":
                        given = {"yaml": self.settings}
                        result = [given.get(item.get("section")) for item in message["params"]["items"]]
                    self._send({"id": message["id"], "result": result})
                elif "id" in message:
                    self.answers[message["id"]] = message.get("result")
                elif message["method"] == "textDocument/publishDiagnostics":
                    self.diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
                self.news.notify_all()

    def _send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def tell(self, method, params):
        self._send({"method": method, "params": params})

    def ask(self, method, params):
        self.number += 1
        number = self.number
        self._send({"id": number, "method": method, "params": params})
        with self.news:
            if not self.news.wait_for(lambda: number in self.answers, timeout=120):
                sys.exit(f"judge: no answer to {method}")
            return self.answers.pop(number)

    def open(self, path):
        """Opens a file; gives its diagnostics."""
        uri = path.as_uri()
        text = path.read_text(encoding="utf-8-sig")
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        with self.news:
            if not self.news.wait_for(lambda: uri in self.diagnostics, timeout=120):
                sys.exit(f"judge: no diagnostics for {path}")
            return self.diagnostics[uri]

    def at(self, method, path, line, column):
        return self.ask(method, {"textDocument": {"uri": path.as_uri()}, "position": {"line": line - 1, "character": column}})


def accepted(schema, path):
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(schema), str(path)]
    run = subprocess.run(command, capture_output=True, text=True)
    return run.returncode == 0, run.stdout + run.stderr


def single_mistakes(schema, folder, server):
    for place, (what, text) in enumerate(GOOD):
        path = folder / f"good-{place}.yaml"
        path.write_text(HEAD + text, encoding="utf-8")
        judge(*((a := accepted(schema, path))[0], f"check-jsonschema refuses: {what}", a[1]))
        found = server.open(path)
        judge(found == [], f"the language server refuses: {what}", found)
    for place, (what, text, line) in enumerate(BAD):
        path = folder / f"bad-{place}.yaml"
        path.write_text(HEAD + text, encoding="utf-8")
        judge(not accepted(schema, path)[0], f"check-jsonschema accepts: {what}")
        lines = {found["range"]["start"]["line"] + 1 for found in server.open(path)}
        judge(line in lines, f"the language server does not mark line {line}: {what}", lines)


def words(folder, server):
    path = folder / "words.yaml"
    path.write_text(HEAD + "tiep_nhan:\n  hinh_thuc: email\n  \nnguoi_khieu_nai:\n  loai: \n", encoding="utf-8")
    server.open(path)
    hover = json.dumps(server.at("textDocument/hover", path, 4, 4), ensure_ascii=False)
    judge("Hình thức khiếu nại" in hover and "trực tiếp tại Trung tâm" in hover, "hover over hinh_thuc", hover)
    keys = {item["label"] for item in server.at("textDocument/completion", path, 5, 2)["items"]}
    judge({"ngay_den", "gio", "yeu_cau"} <= keys, "completion of keys", keys)
    judge("thuoc_pham_vi" not in keys, "completion of keys of other blocks", keys)
    listed = {item["label"] for item in server.at("textDocument/completion", path, 7, 8)["items"]}
    judge({"doanh_nghiep", "to_chuc", "ca_nhan"} <= listed, "completion of words", listed)


def broken(samples):
    """Every key of every sample broken, every chosen word broken: (text, what)."""
    for sample in samples:
        lines = sample.read_text(encoding="utf-8").splitlines()
        for at, line in enumerate(lines):
            found = re.match(r"^([ -]*)([a-z_]+):(.*)$", line)
            if not found or found[2] == "ma_ho_so":
                continue
            lead, key, rest = found.groups()
            yield lines[:at] + [f"{lead}{key}x:{rest}"] + lines[at + 1 :], f"{sample.name}:{at + 1} {key}x"
            if re.match(r"^ +[a-z_]+( *#.*)?$", rest) and key not in ("nguoi_ky", "nhom"):
                yield lines[:at] + [f"{lead}{key}: mot_tu_la"] + lines[at + 1 :], f"{sample.name}:{at + 1} {key}: mot_tu_la"
            if re.match(r"^ +[0-9]{1,2}/[0-9]{2}/[0-9]{4}", rest):
                yield lines[:at] + [f"{lead}{key}: 2026/11/20"] + lines[at + 1 :], f"{sample.name}:{at + 1} {key}: a date turned round"


def same_verdicts(hoso, schema, samples):
    """The schema refuses a broken sample exactly when the program does."""
    subprocess.run([hoso, "init", "hong"], check=True, capture_output=True)
    folder = pathlib.Path("hong/ho-so")
    validator = Draft7Validator(json.loads(schema.read_text(encoding="utf-8")))
    load = construct_yaml_implementation().load
    verdicts = {}
    for number, (lines, what) in enumerate(broken(samples), start=1):
        code = f"KN-2025-{number:04}"
        text = "\n".join(f"ma_ho_so: {code}" if line.startswith("ma_ho_so:") else line for line in lines) + "\n"
        (folder / f"{code}.yaml").write_text(text, encoding="utf-8")
        verdicts[code] = (validator.is_valid(load(text)), what)
    run = subprocess.run([hoso, "-C", "hong", "--today", "2026-11-20", "--json", "check"], capture_output=True, text=True)
    refused = {}
    for finding in json.loads(run.stdout)["findings"]:
        if finding["code"] in STRUCTURE:
            refused[pathlib.Path(finding.get("file", "")).stem] = finding["message"]
    for code, (valid, what) in verdicts.items():
        judge(valid == (code not in refused), f"schema {'accepts' if valid else 'refuses'}, hoso does not: {what}", refused.get(code, ""))
    judge(len(verdicts) > 1000, f"{len(verdicts)} broken files, 1000 are due")
    return len(verdicts)


def main():
    hoso, package, *samples = sys.argv[1:]
    samples = [pathlib.Path(sample).resolve() for sample in samples]
    subprocess.run([hoso, "--today", "2026-11-20", "init", "soan"], check=True, capture_output=True)
    folder = pathlib.Path("soan/ho-so").resolve()
    schema = folder / ".vscode/ho-so.schema.json"
    meta = subprocess.run([sys.executable, "-m", "check_jsonschema", "--check-metaschema", str(schema)], capture_output=True, text=True)
    judge(meta.returncode == 0, "the schema is no JSON Schema", meta.stdout)
    server = Server(package, folder)
    for sample in [*samples, folder / "_moi" / f"{CODE}.yaml"]:
        path = sample if sample.is_relative_to(folder) else folder / sample.name
        if path != sample:
            text = sample.read_text(encoding="utf-8")
            path.write_text(HEAD.split("\n")[0] + "\n" + text, encoding="utf-8")
        judge(*((a := accepted(schema, path))[0], f"check-jsonschema refuses {path.name}", a[1]))
        found = server.open(path)
        judge(found == [], f"the language server refuses {path.name}", found)
    single_mistakes(schema, folder, server)
    words(folder, server)
    count = same_verdicts(hoso, schema, samples)
    server.process.kill()
    print(f"{checks} checks: {len(samples) + 1} files and {len(GOOD)} more accepted, {len(BAD)} mistakes refused, {count} broken samples; {faults} faults")
    sys.exit(1 if faults or not samples else 0)


main()

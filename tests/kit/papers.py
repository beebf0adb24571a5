"""Documents as people send them, and files that only call themselves so."""

import io
import zipfile

import typst

ODT = "application/vnd.oasis.opendocument.text"
DOCX_TYPES = (
    '<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def pdf(text: str = "Le débat réglé : écouter, reformuler, décider.", pages: int = 1) -> bytes:
    """A PDF with a text on each of its pages."""
    body = "\n#pagebreak()\n".join([text] * pages)
    return bytes(typst.compile(f'#set text(lang: "fr")\n{body}'.encode()))


def encrypted_pdf() -> bytes:
    """A PDF that asks for a password."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"61" * 32 + b"> /U <" + b"62" * 32 + b"> >>",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(content)
    content += b"xref\n0 5\n0000000000 65535 f \n" + table
    trailer = b"<< /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<6162> <6162>] >>"
    return content + b"trailer\n" + trailer + b"\nstartxref\n%d\n%%%%EOF\n" % start


def archive(entries: dict[str, str | bytes]) -> bytes:
    """A zip with these entries."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in entries.items():
            written.writestr(name, content)
    return file.getvalue()


def odt(**more: str) -> bytes:
    """An empty text document."""
    return archive({"mimetype": ODT, "content.xml": "<text/>", **more})


def docx(**more: str) -> bytes:
    """The same, of another maker."""
    return archive({"[Content_Types].xml": DOCX_TYPES, "word/document.xml": "<text/>", **more})

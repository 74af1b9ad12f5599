"""A badge on paper: a PDF that says what was shown, to everybody, and carries the signed badge."""

from __future__ import annotations

import json
import re
import zlib
from typing import Any

import pytest
import typst
from sqlalchemy import select

from issuer_service.delivery.certificate import TEMPLATE, certificate_pdf, certificate_says
from issuer_service.delivery.service import ClaimLinks
from issuer_service.issuance.tables import Credential
from issuer_service.pages import claim
from tests.service.conftest import ON_ONE_DATABASE, World

PLACES: Any = {"page": "https://badges.example/badges/1", "verifier": "https://badges.example/verify"}
CODE = '#panic("read as code") $x$ *bold* ${7*7} \\ "]) <script> // /* @a = #read("/etc/passwd")'


def streams(pdf: bytes) -> list[bytes]:
    """What is in a PDF, each thing unpacked."""
    assert pdf.startswith(b"%PDF-1.7")
    found = [match[1] for match in re.finditer(rb"\nstream\n(.*?)\nendstream", pdf, re.DOTALL)]
    assert found
    return [zlib.decompress(one) if one[:1] == b"\x78" else one for one in found]


def metadata(pdf: bytes) -> str:
    (xmp,) = [one for one in streams(pdf) if b"x:xmpmeta" in one]
    return xmp.decode()


def link(world: World) -> str:
    links = ClaimLinks(world.installation.settings.secret.get_secret_value(), base_url=world.installation.base_url)
    return links.link_to(world.first_badge())


def a_badge(**more: Any) -> dict[str, Any]:
    achievement = {
        "name": "Lassen",
        "description": "Last een naad.",
        "alignment": [
            {"targetCode": "1.1/VO001", "targetName": "lassen van een naad", "targetUrl": "https://u.example/VO001"},
            {"targetName": "welding", "targetUrl": "https://esco.example/1", "targetFramework": "ESCO"},
        ],
        "resultDescription": [
            {
                "id": "https://u.example/VO001/result",
                "name": "lassen van een naad",
                "rubricCriterionLevel": [{"id": "https://u.example/goed", "name": "Goed"}],
            },
            {"id": "https://u.example/punten", "name": "Toets"},
        ],
        **more,
    }
    result = [
        {"resultDescription": "https://u.example/VO001/result", "achievedLevel": "https://u.example/goed"},
        {"resultDescription": "https://u.example/punten", "value": "8"},
    ]
    return {
        "id": "urn:uuid:1",
        "issuer": {"name": "Lasschool"},
        "validFrom": "2026-11-20T09:00:00Z",
        "credentialSubject": {"achievement": achievement, "result": result},
    }


def written(document: dict[str, Any], *, holder: str | None = None, language: str = "nl") -> bytes:
    return certificate_pdf(json.dumps(document).encode(), **PLACES, holder=holder, language=language)


def said(document: dict[str, Any], *, holder: str | None = None, language: str = "nl") -> dict[str, Any]:
    return certificate_says(json.dumps(document).encode(), **PLACES, holder=holder, language=language)


@ON_ONE_DATABASE
class TestFromAClaimLink:
    def test_r15_from_every_badge_a_pdf_can_be_made_that_carries_it(self, world: World) -> None:
        here = link(world)
        signed = world.http.get(f"{here}/badge.json").content
        for language, title in (("nl", "Certificaat"), ("en", "Certificate")):
            page = world.http.get(f"{here}?lang={language}").text
            (there,) = re.findall(r'href="(/claim/[^"]+badge\.pdf[^"]*)"', page)
            answer = world.http.get(there)
            assert answer.status_code == 200
            assert answer.headers["Content-Type"] == "application/pdf"
            assert answer.headers["Content-Disposition"] == 'attachment; filename="badge.pdf"'
            assert answer.headers["Cache-Control"] == "no-store"
            (attached,) = [one for one in streams(answer.content) if one.startswith(b"{")]
            assert attached == signed
            about = metadata(answer.content)
            assert "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in about
            assert "<pdfuaid:part>1</pdfuaid:part>" in about
            assert f"{title}: Warmtepompsysteem bepalen" in about
            assert f"/Lang({language})".encode() in answer.content
        report = world.http.post("/v1/verifications", json={"badge": json.loads(signed)}).json()
        assert report["verdict"] == "valid"

    def test_its_holders_name_is_on_it_and_not_on_one_of_a_guessed_link_or_an_erased_badge(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        here = link(world)
        named = []

        def spy(document: bytes, *, holder: str | None, **more: Any) -> bytes:
            named.append(holder)
            return b""

        monkeypatch.setattr(claim, "certificate_pdf", spy)
        assert world.http.get(f"{here}/badge.pdf").status_code == 200
        assert world.http.get(f"{here[:-1]}{'0' if here[-1] != '0' else '1'}/badge.pdf").status_code == 404
        with world.installation.transaction() as session:
            session.scalars(select(Credential)).one().erased_at = world.clock.moment
        assert world.http.get(f"{here}/badge.pdf").status_code == 404
        assert named == ["Michael Monteur"]


class TestWhatItSays:
    def test_every_component_with_the_level_that_was_reached(self) -> None:
        assert said(a_badge())["shown"] == [
            {"sentence": "lassen van een naad", "belongs": "vaardigheid", "level": "Goed"},
            {"sentence": "welding", "belongs": "ESCO", "level": ""},
            {"sentence": "Toets", "belongs": "", "level": "8"},
        ]

    def test_its_dates_are_the_badges_in_words(self) -> None:
        badge = a_badge() | {"validUntil": "2029-03-01T00:00:00Z"}
        assert said(badge)["dates"] == "op 20 november 2026, geldig tot en met 1 maart 2029"
        assert said(badge, language="en")["dates"] == "on 20 November 2026, valid until 1 March 2029"

    def test_the_same_badge_gives_the_same_bytes(self) -> None:
        assert written(a_badge(), holder="Jan") == written(a_badge(), holder="Jan")
        assert "<xmp:CreateDate>2026-11-20T00:00:00Z</xmp:CreateDate>" in metadata(written(a_badge()))

    def test_a_badge_without_components_or_levels_has_one_too(self) -> None:
        badge = a_badge()
        del badge["credentialSubject"]["result"]
        badge["credentialSubject"]["achievement"] = {"name": "Aanwezig", "description": "Was er."}
        assert "Certificaat: Aanwezig" in metadata(written(badge))

    def test_a_name_is_text_and_never_code(self) -> None:
        badge = a_badge(name=CODE, description=CODE)
        badge["issuer"]["name"] = CODE
        badge["credentialSubject"]["achievement"]["alignment"][0]["targetName"] = CODE
        assert "#panic(&quot;read as code&quot;)" in metadata(written(badge, holder=CODE)).replace('"', "&quot;")
        inputs = {"said": json.dumps(said(badge, holder=CODE)), "badge": "{}"}
        (shown,) = json.loads(
            typst.query(TEMPLATE.read_bytes(), "<holder>", sys_inputs=inputs, ignore_system_fonts=True)
        )
        assert shown["child"] == {"func": "text", "text": CODE}

    @pytest.mark.parametrize("name", ["王伟", "Jan 😀", "a\x01b", "\ue000"])
    def test_a_name_that_the_fonts_cannot_write_is_left_to_the_hand(self, name: str) -> None:
        assert said(a_badge(), holder=name)["holder"] == ""
        assert metadata(written(a_badge(name=name), holder=name))

    @pytest.mark.parametrize("name", ["Đỗ Nguyễn", "Žofia Şahin-Łuć", "Αθηνά", "Владимир", "שלום"])
    def test_other_names_stand_as_they_are(self, name: str) -> None:
        assert said(a_badge(), holder=name)["holder"] == name
        assert written(a_badge(), holder=name)

    def test_letters_that_have_a_font_each_and_not_together_do_not_keep_anybody_from_a_certificate(self) -> None:
        mixed = "\u04a5\u0336\u2050\u0547\u0343"
        assert metadata(written(a_badge(name=mixed), holder=mixed))
        assert (
            certificate_says(
                json.dumps(a_badge(name="Đỗ")).encode(), **PLACES, holder="Đỗ", language="nl", only_latin=True
            ).items()
            >= {"achievement": "□□", "holder": ""}.items()
        )

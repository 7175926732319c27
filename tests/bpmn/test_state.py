"""The stored state is small, holds what is still needed, and nothing that names a class."""

import random
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import orjson
import pytest
import zstandard

from engine.bpmn.run import Execution
from engine.bpmn.state import HEADER, MAX_BYTES, packed
from engine.errors import BudgetExceeded
from tests.bpmn.contexts import context, finish, open_work, reloaded, specs_of, started
from tests.bpmn.diagrams import (
    boundary,
    call,
    diagram,
    end,
    flows,
    gateway,
    service,
    start,
    timer,
    user,
)

# Twenty elements, ten of them user tasks, as in an appraisal.
TWENTY = diagram(
    "main", start(), *(user(f"step_{number}") for number in range(10)),
    boundary("late", "step_0", timer("P14D")), end("end_late"), gateway("split", "parallel"),
    gateway("join", "parallel"), gateway("agree", default="agree_to_step_5"),
    service("compute", "echo", "computed", n="1 + 1"), gateway("meet"), end("kept", "kept"),
    end("changed", "changed"), gateway("last", default="last_to_kept"),
    flows("start step_0", "late end_late", "step_0 split", "split step_1", "split step_2",
          "step_1 join", "step_2 join", "join step_3", "step_3 agree",
          "agree step_4 if step_3.yes", "agree step_5", "step_4 meet", "step_5 meet",
          "meet compute", "compute step_6", "step_6 step_7", "step_7 step_8", "step_8 step_9",
          "step_9 last", "last changed if step_9.yes", "last kept"),
)  # fmt: skip
PROSE = (
    "kinerja pegawai capaian rencana realisasi indikator bukti dukung atasan penilaian perilaku "
    "pelayanan akuntabel kompeten harmonis loyal adaptif kolaboratif laporan kegiatan bulan surat "
    "tugas anggaran masyarakat rapat koordinasi evaluasi bidang dinas target tercapai belum sudah "
    "dengan untuk pada yang telah akan sebagai"
)
WORDS = PROSE.split()


def form(chance: random.Random) -> dict[str, object]:
    """Answers of about 3 KB, with prose that does not repeat itself."""
    rows = [
        {"id": f"row-{row}", "score": Decimal(chance.randrange(10_000)) / 100,
         "note": " ".join(chance.choice(WORDS) for _ in range(25))}
        for row in range(13)
    ]  # fmt: skip
    return {"yes": chance.random() < 0.5, "rows": rows}


def plain(blob: bytes) -> dict:
    return orjson.loads(zstandard.ZstdDecompressor().decompress(blob[len(HEADER) :]))


def inner_processes(case: Execution) -> list:
    return list(case._workflow.subprocesses.values())


def played(specs, chance: random.Random) -> tuple[Execution, list[int]]:
    case, sizes = started(specs), []
    while case.ready:
        finish(case, case.ready[0].element_id, **form(chance))
        case = reloaded(specs, case)
        sizes.append(len(case.dump()))
    return case, sizes


def test_a_finished_case_of_twenty_elements_and_long_forms_stays_under_twelve_kilobytes():
    case, sizes = played(specs_of(TWENTY), random.Random(1))

    assert case.completed
    assert len(sizes) == 9
    assert max(sizes) <= 12 * 1024


def test_a_state_names_no_class_and_no_time():
    case = started(specs_of(TWENTY))
    finish(case, "step_0", text="x")
    text = orjson.dumps(plain(case.dump())).decode()

    assert "typename" not in text
    assert "SpiffWorkflow" not in text
    ranks = [task[4] for task in plain(case.dump())["top"]["tasks"]]
    assert sorted(ranks) == list(range(len(ranks)))


def test_answers_are_stored_once_and_not_with_every_step():
    case = started(specs_of(TWENTY))
    finish(case, "step_0", text="satu-satunya")

    assert orjson.dumps(plain(case.dump())).count(b"satu-satunya") == 1


CALLED_TWICE_OVER = (
    diagram(
        "main", start(), user("write"), call("check", "sp_check"), user("thank"), end(),
        flows("start write", "write check", "check thank", "thank end"),
    ),
    diagram(
        "sp_check", start("c"), call("read", "sp_read"), end("checked"),
        flows("c read", "read checked"),
    ),
    diagram("sp_read", start("r"), user("note"), end("was_read"), flows("r note", "note was_read")),
)  # fmt: skip


def test_calls_inside_calls_hold_again_only_what_they_changed():
    specs = specs_of(*CALLED_TWICE_OVER)
    case = started(specs)
    finish(case, "write", text="satu-satunya", rows=[{"score": Decimal("4.50")}])

    for _ in range(3):
        assert orjson.dumps(plain(case.dump())).count(b"satu-satunya") == 1
        case = reloaded(specs, case)
    finish(case, "note", text="dibaca")

    case = reloaded(specs, case)
    assert open_work(case) == ["thank"]
    assert case.last_data["write"] == {"text": "satu-satunya", "rows": [{"score": Decimal("4.50")}]}
    assert case.last_data["note"] == {"text": "dibaca"}


def test_a_state_written_before_calls_held_changes_only_is_still_read():
    specs = specs_of(*CALLED_TWICE_OVER)
    case = started(specs)
    finish(case, "write", text="lama")
    document = plain(case.dump())
    for (_, inner), held in zip(document["inner"], inner_processes(case), strict=True):
        place = next(at for at, task in enumerate(inner["tasks"]) if task[7])
        inner["tasks"][place][7] = dict(held.last_task.data)

    loaded = Execution.load(specs, packed(orjson.dumps(document)), context())

    assert loaded.dump() == case.dump()


def test_storing_twice_gives_the_same_bytes():
    specs = specs_of(TWENTY)
    case = reloaded(specs, started(specs))

    assert case.dump() == Execution.load(specs, case.dump(), context()).dump()


def test_a_state_that_outgrows_its_limit_is_refused():
    case = started(specs_of(TWENTY))

    finish(case, "step_0", text="x" * MAX_BYTES)

    with pytest.raises(BudgetExceeded):
        case.dump()


def test_threads_play_their_cases_on_one_definition_without_disturbing_each_other():
    specs = specs_of(TWENTY)
    alone = [dict(played(specs, random.Random(seed))[0].last_data) for seed in range(12)]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda seed: played(specs, random.Random(seed))[0], range(12)))

    assert [dict(case.last_data) for case in together] == alone

"""Random diagrams made of blocks (steps, choices, parallel branches, rework), and random damage."""

import random
from dataclasses import dataclass, field, replace

from tests.security.corpus.drawing import drawn, end, flow, gateway, service, start, user

Edge = tuple[str, str, str | None]


@dataclass(frozen=True)
class Sketch:
    """A diagram as nodes (id -> kind) and edges (source, target, condition)."""

    nodes: dict[str, str]
    edges: list[Edge]
    defaults: dict[str, str] = field(default_factory=dict)

    def drawn(self) -> bytes:
        """The BPMN file."""
        parts = [self._part(name, kind) for name, kind in self.nodes.items()]
        flows = [
            flow(source, target, condition, f"f{number}")
            for number, (source, target, condition) in enumerate(self.edges)
        ]
        return drawn(*parts, *flows)

    def _part(self, name: str, kind: str) -> str:
        if kind.endswith("Gateway"):
            return gateway(name, kind.removesuffix("Gateway"), self._default(name))
        if kind == "service":
            return service(name, result=f"of_{name}")
        return {"start": start, "end": end, "user": user}[kind](name)

    def _default(self, name: str) -> str | None:
        target = self.defaults.get(name)
        for number, (source, aim, _) in enumerate(self.edges):
            if source == name and aim == target:
                return f"f{number}"
        return None


class Builder:
    """Draws blocks one into the other."""

    def __init__(self, rng: random.Random) -> None:
        """A builder that draws by `rng`."""
        self.rng = rng
        self.sketch = Sketch({}, [])

    def diagram(self, depth: int) -> Sketch:
        """A whole diagram."""
        self.sketch.nodes["start"] = "start"
        last = self._block("start", depth)
        self.sketch.nodes["end"] = "end"
        self._join(last, "end")
        return self.sketch

    def _block(self, before: str, depth: int) -> str:
        kinds = ["step", "sequence", "choice", "branches", "rework"] if depth else ["step"]
        return getattr(self, f"_{self.rng.choice(kinds)}")(before, depth - 1)

    def _step(self, before: str, _depth: int) -> str:
        return self._node(before, self.rng.choice(["user", "user", "service"]))

    def _sequence(self, before: str, depth: int) -> str:
        return self._block(self._block(before, depth), depth)

    def _choice(self, before: str, depth: int) -> str:
        split = self._node(before, "exclusiveGateway")
        merge = self._new("exclusiveGateway")
        first = len(self.sketch.edges)
        self._join(self._block(split, depth), merge)
        source, target, _ = self.sketch.edges[first]
        self.sketch.edges[first] = (source, target, "case.is_unit_head")
        second = len(self.sketch.edges)
        self._join(self._block(split, depth), merge)
        self.sketch.defaults[split] = self.sketch.edges[second][1]
        return merge

    def _branches(self, before: str, depth: int) -> str:
        split, join = self._node(before, "parallelGateway"), self._new("parallelGateway")
        for _ in range(self.rng.choice([2, 3])):
            self._join(self._block(split, depth), join)
        return join

    def _rework(self, before: str, depth: int) -> str:
        again = self._node(before, "exclusiveGateway")
        last = self._block(again, depth)
        asked = self._node(last, "user")
        choice = self._node(asked, "exclusiveGateway")
        self._join(choice, again, f"not {asked}.ok")
        after = self._node(choice, "service")
        self.sketch.defaults[choice] = after
        return after

    def _node(self, before: str, kind: str) -> str:
        name = self._new(kind)
        self._join(before, name)
        return name

    def _new(self, kind: str) -> str:
        name = f"{kind.removesuffix('Gateway')}{len(self.sketch.nodes)}"
        self.sketch.nodes[name] = kind
        return name

    def _join(self, source: str, target: str, condition: str | None = None) -> None:
        self.sketch.edges.append((source, target, condition))


def damaged(sketch: Sketch, rng: random.Random) -> Sketch:
    """The same diagram with one to three things wrong."""
    for _ in range(rng.choice([1, 1, 2, 3])):
        sketch = rng.choice([_lost_edge, _turned_edge, _other_gateway, _new_edge])(sketch, rng)
    return sketch


def _lost_edge(sketch: Sketch, rng: random.Random) -> Sketch:
    edges = list(sketch.edges)
    if len(edges) == 1:
        return sketch
    edges.pop(rng.randrange(len(edges)))
    return replace(sketch, edges=edges)


def _turned_edge(sketch: Sketch, rng: random.Random) -> Sketch:
    edges = list(sketch.edges)
    place = rng.randrange(len(edges))
    source, _, condition = edges[place]
    edges[place] = (source, rng.choice(list(sketch.nodes)), condition)
    return replace(sketch, edges=edges)


def _other_gateway(sketch: Sketch, rng: random.Random) -> Sketch:
    gateways = [name for name, kind in sketch.nodes.items() if kind.endswith("Gateway")]
    if not gateways:
        return sketch
    kind = rng.choice(["parallelGateway", "exclusiveGateway"])
    return replace(sketch, nodes={**sketch.nodes, rng.choice(gateways): kind})


def _new_edge(sketch: Sketch, rng: random.Random) -> Sketch:
    names = list(sketch.nodes)
    condition = rng.choice([None, "case.is_functional"])
    return replace(sketch, edges=[*sketch.edges, (rng.choice(names), rng.choice(names), condition)])

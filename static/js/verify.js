// Checks a published draw in the reader's own browser, or with Node: no library, nothing is sent anywhere.
// Written from sortition/engine/FORMATS.md alone, apart from verify.py, so that one error is not made twice.

export const SENTENCES = {
  missing: "{file} is missing.",
  damaged: "A file is damaged: {detail}",
  fixed: "{people} people, quotas and parameters are as committed to ({commitment}…).",
  commitment: "The commitment does not follow from what it is made of.",
  quotas_changed: "The quotas are not those committed to.",
  parameters_changed: "The parameters are not those committed to.",
  ids: "Somebody appears twice in the pool, or it is not in order.",
  leaves: "There is not one sealed leaf a person, in order.",
  root: "The sealed leaves are not those committed to.",
  panels_fine: "{panels} panels of {seats} different people of the pool.",
  panels_order: "Somebody sits twice on a panel, or the panels are not in order.",
  panels_numbers: "There should be panels 0 to {last}.",
  stranger: "Somebody who is not in the pool sits on a panel.",
  panel_size: "Panel {number} has {people} people, not {seats}.",
  chances_fine: "Everybody is in {least} to {most} panels, as published and as promised.",
  chances_fine_save: "Everybody is in {least} to {most} panels, as published and as promised (save {short}).",
  chances_pool: "The chances, or promises, are not those of the pool.",
  chance: "{person} is in {times} panels, which is not the chance published.",
  floors: "People in fewer panels than promised: {people}, not as announced.",
  seed: "the seed",
  hand: "hand",
  selected_fine: "Panel {number}, designated by {how}, is the one selected.",
  way: "Panel {number} was designated by {how}, which is not what was laid down beforehand.",
  number: "Panel {number}, designated by {how}, is not the one recorded.",
  selected: "The people selected are not those of panel {number}, designated by {how}.",
  reserve: "The reserve is not in the order of the seed.",
  certificate_fine: "By the certificate, no lottery could give everybody more than {bound}; this one gives at least {least}.",
  certificate_nothing: "The certificate proves nothing.",
  certificate_scores: "The certificate does not score these quotas.",
  certificate_points: "The points of the certificate do not follow from its scores.",
  certificate_out: "Somebody said to be on no legal panel sits on one.",
  certificate_against: "The certificate is contradicted by the panels.",
  certificate_said: "The smallest chance, or its bound, is not the one announced.",
  record_fine: "The record tells the same.",
  record_waits: "The record tells the same, and no panel is drawn yet.",
  record: "The record is not that of this draw.",
  fingerprint: "{file} is not the file recorded.",
  pool_fine: "Everybody’s attributes are those committed to.",
  pool_ids: "The public list of pseudonyms is not that of the pool.",
  pool: "The people are not those committed to.",
  quotas_fine: "Every panel keeps every quota.",
  quota: "Panel {number} has {people} people for {criterion} {category}: {low} to {high} asked.",
  household: "Two people of one household sit on panel {number}.",
  places_fine: "Among people alike, hashes of the seed alone say who sits on which panel.",
  place: "Panel {number} does not hold the people the seed gave it.",
  scores_fine: "Counted again from {scores} scores and all attributes, the certificate is exact.",
  scores_out: "The people said to be on no panel are not as announced.",
  leaf_fine: "{person} is in the pool, once ({facts}). Panels: {panels}.",
  leaf_none: "{person} is in the pool, once ({facts}). No panel.",
  leaf_root: "This proof does not lead to the pool committed to.",
  leaf_id: "{person} is not once in the public list.",
};

class Broken extends Error {
  constructor(code, facts = {}) {
    super(code);
    Object.assign(this, { code, facts });
  }
}

const insist = (holds, code, facts) => {
  if (!holds) throw new Broken(code, facts);
};
const damaged = (detail) => new Broken("damaged", { detail });

// ---- bytes, texts, tables

const utf8 = (text) => new TextEncoder().encode(text);
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

function unhex(text) {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw damaged(`${text} is not hexadecimal`);
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** SHA-256 of texts and bytes one after the other. */
async function digest(...parts) {
  const pieces = parts.map((part) => (typeof part === "string" ? utf8(part) : part));
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return new Uint8Array(await globalThis.crypto.subtle.digest("SHA-256", whole));
}

/** The order of bytes, that of UTF-8. */
function compareBytes(a, b) {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) if (a[at] !== b[at]) return a[at] - b[at];
  return a.length - b.length;
}

const compare = (a, b) => (a === b ? 0 : compareBytes(utf8(a), utf8(b)));
const rising = (texts) => texts.every((text, at) => at === 0 || compare(texts[at - 1], text) < 0);
const same = (a, b) => a.length === b.length && a.every((one, at) => one === b[at]);

/** People in the order of a hash each. */
async function byHash(people, hash) {
  const tickets = await Promise.all(people.map(async (person) => [await hash(person), person]));
  return tickets.sort(([a, one], [b, other]) => compareBytes(a, b) || compare(one, other)).map(([, person]) => person);
}

/** The records of a CSV: their text with the line feed, and their cells. */
function recordsOf(text) {
  const found = [];
  let cells = [], cell = "", quoted = false, start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') cell += text[(at += 1)];
      else quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === ",") {
      cells.push(cell);
      cell = "";
    } else if (sign === "\n") {
      found.push({ text: text.slice(start, at + 1), cells: [...cells, cell] });
      [cells, cell, start] = [[], "", at + 1];
    } else cell += sign;
  }
  if (start < text.length) throw damaged("a table does not end with a line feed");
  return found;
}

const integer = (text) => {
  if (!/^(0|[1-9][0-9]*)$/.test(text)) throw damaged(`${text} is not a whole number`);
  return Number(text);
};

// ---- exact fractions: [numerator, denominator], the denominator above zero

function fraction(text) {
  const [, sign, whole, decimals = "", below = "1"] = /^(-?)([0-9]+)(?:\.([0-9]+)|\/([0-9]+))?$/.exec(text) ?? [];
  if (whole === undefined || BigInt(below) === 0n) throw damaged(`${text} is not a number`);
  const above = BigInt(whole + decimals);
  return [sign ? -above : above, BigInt(below) * 10n ** BigInt(decimals.length)];
}

const ZERO = [0n, 1n];
const plus = ([a, b], [c, d]) => (b === d ? [a + c, b] : [a * d + c * b, b * d]);
const minus = (one, [c, d]) => plus(one, [-c, d]);
const times = ([a, b], count) => [a * BigInt(count), b];
const divided = ([a, b], [c, d]) => (c < 0n ? [-a * d, -b * c] : [a * d, b * c]);
const below = ([a, b], [c, d]) => a * d < c * b;
const larger = (one, other) => (below(one, other) ? other : one);
const equal = (one, other) => !below(one, other) && !below(other, one);
const total = (numbers) => numbers.reduce(plus, ZERO);
const within = (one, other, units) => {
  const [a, b] = minus(one, other);
  return (a < 0n ? -a : a) * 2n * 10n ** 12n <= BigInt(units) * b;
};
const share = ([a, b]) => ({ share: Number((a * 10n ** 12n) / b) / 1e12 });

// ---- the files, read once

class Files {
  constructor(files) {
    this.files = files instanceof Map ? files : new Map(Object.entries(files));
  }

  has(name) {
    return this.files.has(name);
  }

  bytes(name) {
    insist(this.has(name), "missing", { file: name });
    return this.files.get(name);
  }

  text(name) {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.bytes(name));
  }

  json(name) {
    return JSON.parse(this.text(name));
  }

  /** Rows as arrays of the columns asked for. */
  table(name, ...columns) {
    const text = this.text(name);
    const [heading, ...rows] = recordsOf(text);
    const quoted = (cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
    const again = [heading, ...rows].map((row) => `${row?.cells.map(quoted).join(",")}\n`).join("");
    if (again !== text || text.includes("\r") || /(^|\n)\n/.test(text)) throw damaged(`${name} is not written as it should be`);
    const places = columns.map((column) => heading?.cells.indexOf(column) ?? -1);
    if (places.includes(-1)) throw damaged(`${name} lacks a column`);
    return rows.map(({ cells }) => {
      if (cells.length !== heading.cells.length) throw damaged(`${name} has an uneven line`);
      return places.map((place) => cells[place]);
    });
  }

  column(name, column) {
    return this.table(name, column).map(([value]) => value);
  }
}

function read(files) {
  const draw = { files: new Files(files) };
  const { files: from } = draw;
  [draw.commitment, ...draw.parts] = from.text("commitment.txt").trim().split(/\s+/);
  draw.quotas = from
    .table("quotas.csv", "category", "value", "min", "max")
    .map(([criterion, category, low, high]) => ({ criterion, category, low: integer(low), high: integer(high) }));
  draw.parameters = from.json("parameters.json");
  draw.size = draw.parameters.panels;
  draw.seated = draw.parameters.seated ?? [];
  draw.seats = draw.parameters.seats - draw.seated.length;
  if (!Number.isInteger(draw.size) || draw.size < 1 || !Number.isInteger(draw.seats)) throw damaged("parameters.json");
  draw.seed = from.text("seed.txt").replace(/\n$/, "");
  draw.ids = from.column("ids.csv", "id");
  draw.rows = from.table("panels.csv", "panel", "id").map(([number, id]) => [integer(number), id]);
  draw.panels = new Map();
  draw.times = new Map(draw.ids.map((id) => [id, 0]));
  for (const [number, id] of draw.rows) {
    if (!draw.panels.has(number)) draw.panels.set(number, []);
    draw.panels.get(number).push(id);
    draw.times.set(id, (draw.times.get(id) ?? 0) + 1);
  }
  draw.chances = from.table("chances.csv", "id", "probability");
  draw.floors = from.table("floors.csv", "id", "panels");
  draw.waits = from.has("lottery.json") && !from.has("record.json") && !from.has("selected.csv");
  draw.selected = draw.waits ? [] : from.column("selected.csv", "id");
  draw.proof = from.json("certificate.json");
  draw.record = from.json(draw.waits ? "lottery.json" : "record.json");
  if (!Array.isArray(draw.proof.unreachable)) throw damaged("certificate.json");
  draw.most = fraction(draw.proof.points_of_a_panel);
  draw.all = fraction(draw.proof.points_of_the_pool);
  draw.seat = fraction(draw.proof.seat);
  draw.scores = new Map(draw.proof.scores.map(([...pair]) => [label(...pair), fraction(pair[2])]));
  return draw;
}

const label = (criterion, category) => JSON.stringify([criterion, category]);

// ---- what the public can check

async function rootOf(leaves) {
  let nodes = leaves.length ? leaves : [await digest("")];
  while (nodes.length > 1) {
    const above = [];
    for (let at = 0; at < nodes.length; at += 2) {
      above.push(at + 1 < nodes.length ? digest(Uint8Array.of(1), nodes[at], nodes[at + 1]) : nodes[at]);
    }
    nodes = await Promise.all(above);
  }
  return hex(nodes[0]);
}

async function fixedBefore(draw) {
  insist(draw.parts.length === 3, "commitment");
  insist(hex(await digest(...draw.parts.map(unhex))) === draw.commitment, "commitment");
  insist(hex(await digest(draw.files.bytes("quotas.csv"))) === draw.parts[1], "quotas_changed");
  insist(hex(await digest(draw.files.bytes("parameters.json"))) === draw.parts[2], "parameters_changed");
  insist(rising(draw.ids), "ids");
  if (draw.files.has("leaves.txt")) {
    const leaves = draw.files.text("leaves.txt").trim().split(/\s+/);
    insist(leaves.length === draw.ids.length && rising(leaves), "leaves");
    insist((await rootOf(leaves.map(unhex))) === draw.parts[0], "root");
  }
  return ["fixed", { people: draw.ids.length, commitment: draw.commitment.slice(0, 16) }];
}

function panelsOf(draw) {
  for (let at = 1; at < draw.rows.length; at += 1) {
    const [[before, one], [after, other]] = [draw.rows[at - 1], draw.rows[at]];
    insist(before < after || (before === after && compare(one, other) < 0), "panels_order");
  }
  const numbers = [...draw.panels.keys()];
  insist(numbers.length === draw.size && numbers.every((number, at) => number === at), "panels_numbers", { last: draw.size - 1 });
  insist(draw.times.size === draw.ids.length, "stranger");
  for (const [number, panel] of draw.panels) {
    insist(panel.length === draw.seats, "panel_size", { number, people: panel.length, seats: draw.seats });
  }
  return ["panels_fine", { panels: draw.size, seats: draw.seats }];
}

function chancesOf(draw) {
  for (const rows of [draw.chances, draw.floors]) insist(same(rows.map(([id]) => id), draw.ids), "chances_pool");
  for (const [person, probability] of draw.chances) {
    const count = draw.times.get(person);
    if (!/^[01]\.[0-9]{12}$/.test(probability)) throw damaged(`${probability} is not a chance`);
    insist(within(fraction(probability), [BigInt(count), BigInt(draw.size)], 1), "chance", { person, times: count });
  }
  const short = draw.floors.filter(([id, floor]) => draw.times.get(id) < integer(floor)).map(([id]) => id);
  insist(short.length === draw.record.below_floor, "floors", { people: short.length });
  const facts = { least: Infinity, most: 0, short: short.join(", ") };
  for (const count of draw.times.values()) {
    facts.least = Math.min(facts.least, count);
    facts.most = Math.max(facts.most, count);
  }
  return [short.length ? "chances_fine_save" : "chances_fine", facts];
}

async function designated(draw) {
  const size = BigInt(draw.size);
  const whole = (2n ** 64n / size) * size;
  for (let counter = 0; ; counter += 1) {
    const bytes = await digest(`panel|${draw.seed}|${counter}`);
    const number = new DataView(bytes.buffer).getBigUint64(0);
    if (number < whole) return Number(number % size);
  }
}

async function selectedOf(draw) {
  const byHand = draw.files.has("number.txt");
  const number = byHand ? integer(draw.files.text("number.txt").replace(/\n$/, "")) : await designated(draw);
  const facts = { number, how: { say: byHand ? "hand" : "seed" } };
  const laidDown = draw.parameters.number_from ?? (byHand ? "dice" : "seed");
  insist(laidDown === (byHand ? "dice" : "seed"), "way", facts);
  insist(number === draw.record.panel_number, "number", facts);
  insist(same(draw.panels.get(number) ?? [], draw.selected), "selected", facts);
  if (draw.files.has("reserve.csv")) {
    const seated = new Set(draw.selected);
    const left = draw.ids.filter((id) => !seated.has(id));
    const order = await byHash(left, (id) => digest(`${draw.seed}|reserve|${id}`));
    const calls = draw.files.table("reserve.csv", "rank", "id");
    insist(same(calls.map(([, id]) => id), order), "reserve");
    insist(calls.every(([rank], at) => rank === String(at + 1)), "reserve");
  }
  return ["selected_fine", facts];
}

/** B less its first two terms: what people with a negative balance may add. */
function rest(draw, quotas) {
  const bounds = quotas.map(({ criterion, category, low, high }) => {
    const score = draw.scores.get(label(criterion, category));
    return larger(times(score, low), times(score, high));
  });
  return minus(minus(draw.most, times(draw.seat, draw.seats)), total(bounds));
}

function certificateOf(draw) {
  insist(draw.all[0] > 0n, "certificate_nothing");
  const asked = new Set(draw.quotas.map(({ criterion, category }) => label(criterion, category)));
  insist([...asked].every((pair) => draw.scores.has(pair)), "certificate_scores");
  const more = draw.proof.scores.filter(([criterion, category]) => !asked.has(label(criterion, category)));
  insist(more.every(([criterion]) => criterion === "household"), "certificate_scores");
  insist(draw.seated.length > 0 || !below(rest(draw, draw.quotas), ZERO), "certificate_points");
  const out = new Set(draw.proof.unreachable);
  insist(out.size === draw.record.unreachable, "scores_out");
  insist([...out].every((id) => !draw.times.get(id)), "certificate_out");
  let fewest = Infinity;
  for (const [id, count] of draw.times) if (!out.has(id)) fewest = Math.min(fewest, count);
  const least = [BigInt(fewest === Infinity ? 0 : fewest), BigInt(draw.size)];
  const bound = divided(draw.most, draw.all);
  insist(!below(bound, least), "certificate_against");
  const said = [[draw.record.minimum, least], [draw.record.proven_bound, bound], [draw.proof.bound, bound]];
  insist(said.every(([text, value]) => within(fraction(text), value, 2)), "certificate_said");
  return ["certificate_fine", { bound: share(bound), least: share(least) }];
}

async function recordOf(draw) {
  const { files, parameters } = draw;
  const told = ["lottery.json", "record.json"].filter((name) => files.has(name)).map((name) => files.json(name));
  for (const record of told) {
    const ours = record.commitment === draw.commitment && record.panels === draw.size;
    insist(ours && record.rule === parameters.rule, "record");
    for (const [file, fingerprint] of Object.entries(record.sha256)) {
      if (!files.has(file)) continue;
      insist(hex(await digest(files.bytes(file))) === fingerprint, "fingerprint", { file });
    }
  }
  return [draw.waits ? "record_waits" : "record_fine", {}];
}

// ---- what auditors can check besides

async function poolOf(draw) {
  const [heading, ...lines] = recordsOf(draw.files.text("people.csv"));
  const salts = new Map(draw.files.has("salts.csv") ? draw.files.table("salts.csv", "id", "salt") : []);
  if (heading.cells[0] !== "id") throw damaged("people.csv");
  insist(same(lines.map(({ cells }) => cells[0]), draw.ids), "pool_ids");
  const leaf = ({ text, cells }) => digest(Uint8Array.of(0), heading.text, text, salts.get(cells[0]) ?? "");
  const leaves = await Promise.all(lines.map(leaf));
  insist((await rootOf(leaves.sort(compareBytes))) === draw.parts[0], "pool");
  Object.assign(draw, attributes(draw, heading.cells, lines));
  return ["pool_fine", {}];
}

/** Profiles, with the households as one more criterion if some people share a home. */
function attributes(draw, heading, lines) {
  const criteria = [...new Set(draw.quotas.map(({ criterion }) => criterion))].sort(compare);
  const places = criteria.map((criterion) => heading.indexOf(criterion));
  if (places.includes(-1)) throw damaged("people.csv lacks a criterion");
  const profiles = new Map(lines.map(({ cells }) => [cells[0], places.map((place) => cells[place])]));
  const at = heading.indexOf("household");
  const together = new Map();
  for (const { cells } of at < 0 ? [] : lines) {
    if (cells[at]) together.set(cells[at], [...(together.get(cells[at]) ?? []), cells[0]]);
  }
  const homes = [...together].filter(([, members]) => members.length > 1);
  const home = new Map(homes.flatMap(([name, members]) => members.map((id) => [id, name])));
  const quotas = [...draw.quotas];
  if (homes.length) {
    const likeness = new Map(
      homes.map(([name, members]) => [name, members.map((id) => profiles.get(id).join("/")).sort(compare).join(" + ")]),
    );
    const counts = new Map();
    for (const text of likeness.values()) counts.set(text, (counts.get(text) ?? 0) + 1);
    counts.set("-", draw.seats);
    for (const [category, most] of counts) {
      quotas.push({ criterion: "household", category, low: 0, high: Math.min(most, draw.seats) });
    }
    const place = [...criteria, "household"].sort(compare).indexOf("household");
    criteria.splice(place, 0, "household");
    for (const [id, profile] of profiles) profile.splice(place, 0, likeness.get(home.get(id)) ?? "-");
  }
  return { criteria, profiles, home, limits: quotas };
}

function quotasOf(draw) {
  for (const [number, panel] of draw.panels) {
    const homes = panel.filter((id) => draw.home.has(id)).map((id) => draw.home.get(id));
    insist(new Set(homes).size === homes.length, "household", { number });
    const counts = new Map();
    for (const id of panel) {
      draw.profiles.get(id).forEach((category, at) => {
        const pair = label(draw.criteria[at], category);
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      });
    }
    for (const { criterion, category, low, high } of draw.seated.length ? [] : draw.limits) {
      const people = counts.get(label(criterion, category)) ?? 0;
      insist(low <= people && people <= high, "quota", { number, people, criterion, category, low, high });
    }
  }
  return ["quotas_fine", {}];
}

async function placesOf(draw) {
  const secret = await digest(`sortition-v1|${draw.commitment}|${draw.seed}`);
  const alike = new Map();
  for (const id of draw.ids) {
    const key = JSON.stringify(draw.profiles.get(id));
    if (!alike.has(key)) alike.set(key, { profile: draw.profiles.get(id), members: [], seats: [] });
    alike.get(key).members.push(id);
  }
  for (const [number, id] of draw.rows) alike.get(JSON.stringify(draw.profiles.get(id))).seats.push(number);
  const lexical = (a, b) => a.profile.reduce((found, category, at) => found || compare(category, b.profile[at]), 0);
  const homes = Array.from({ length: draw.size }, () => new Set());
  const published = [...draw.panels.values()].map((panel) => new Set(panel));
  for (const { members, seats } of [...alike.values()].sort(lexical)) {
    let waiting = [], cycle = 0, panel = -1, seated = new Set();
    for (const number of seats) {
      if (number !== panel) [panel, seated] = [number, new Set()];
      const free = (id) => !seated.has(id) && !homes[number].has(draw.home.get(id));
      let at = waiting.findIndex(free);
      if (at < 0) {
        const label = `|person|${cycle}|`;
        waiting = [...waiting, ...(await byHash(members, (id) => digest(secret, label + id)))];
        cycle += 1;
        at = waiting.findIndex(free);
      }
      insist(at >= 0 && published[number].has(waiting[at]), "place", { number });
      const [person] = waiting.splice(at, 1);
      seated.add(person);
      if (draw.home.has(person)) homes[number].add(draw.home.get(person));
    }
  }
  return ["places_fine", {}];
}

function scoresOf(draw) {
  const asked = draw.limits.map(({ criterion, category }) => label(criterion, category));
  insist(draw.scores.size === new Set(asked).size && asked.every((pair) => draw.scores.has(pair)), "certificate_scores");
  const out = new Set(draw.proof.unreachable);
  const profiles = draw.ids.filter((id) => !out.has(id)).map((id) => draw.profiles.get(id));
  let above = ZERO, under = ZERO;
  for (const profile of profiles) {
    const scores = profile.map((category, at) => draw.scores.get(label(draw.criteria[at], category)));
    if (scores.includes(undefined)) throw damaged("people.csv has a category without quota");
    const balance = plus(draw.seat, total(scores));
    if (balance[0] > 0n) above = plus(above, balance);
    else under = minus(under, balance);
  }
  insist(equal(above, draw.all) && equal(under, rest(draw, draw.limits)), "certificate_points");
  return ["scores_fine", { scores: draw.scores.size }];
}

/** One volunteer, with the proof they were given. */
async function leafOf(draw, proof) {
  const text = `${proof.heading}\n${proof.row}\n`;
  let node = await digest(Uint8Array.of(0), text, proof.salt);
  for (const [side, beside] of proof.path) {
    const pair = side === "left" ? [unhex(beside), node] : [node, unhex(beside)];
    node = await digest(Uint8Array.of(1), ...pair);
  }
  insist(hex(node) === draw.parts[0], "leaf_root");
  const [names, mine] = recordsOf(text).map(({ cells }) => cells);
  const [person] = mine;
  insist(draw.ids.filter((id) => id === person).length === 1, "leaf_id", { person });
  const facts = names.slice(1).map((name, at) => `${name}: ${mine[at + 1]}`).join(", ");
  const panels = draw.rows.filter(([, id]) => id === person).map(([number]) => number);
  return [panels.length ? "leaf_fine" : "leaf_none", { person, facts, panels: panels.join(", ") }];
}

const PUBLIC = [fixedBefore, panelsOf, chancesOf, selectedOf, certificateOf, recordOf];
const AUDITORS = [poolOf, quotasOf, placesOf, scoresOf];

function checksFor(draw) {
  const leftOut = [draw.waits && selectedOf, draw.seated.length && scoresOf];
  const checks = draw.files.has("people.csv") ? [...PUBLIC, ...AUDITORS] : PUBLIC;
  return checks.filter((check) => !leftOut.includes(check));
}

/**
 * `files`: name → bytes. `proof`: the object a volunteer was given. `tell(holds, code, facts)` hears each result as it comes.
 * Returns `{holds, said}`, the last of `said` being what does not hold, if anything does not.
 */
export async function verify(files, { proof = null, tell = () => {} } = {}) {
  const said = [];
  const add = (holds, code, facts) => {
    said.push({ holds, code, facts });
    tell(holds, code, facts);
    return holds;
  };
  try {
    const draw = read(files);
    for (const check of checksFor(draw)) add(true, ...(await check(draw)));
    if (proof) add(true, ...(await leafOf(draw, proof)));
    return { holds: true, said };
  } catch (error) {
    if (error instanceof Broken) add(false, error.code, error.facts);
    else add(false, "damaged", { detail: error.message });
    return { holds: false, said };
  }
}

export function sentence(code, facts, sentences = SENTENCES, language = "en") {
  const digits = { style: "percent", minimumFractionDigits: 4, maximumFractionDigits: 4 };
  const said = (value) => {
    if (value?.share !== undefined) return value.share.toLocaleString(language, digits);
    return value?.say ? sentences[value.say] : String(value);
  };
  return sentences[code].replace(/\{(\w+)\}/g, (_, name) => said(facts[name]));
}

// ---- on the page of a draw

class Page {
  constructor(root) {
    this.root = root;
    this.list = root.querySelector("[data-said]");
    this.verdict = root.querySelector("[data-verdict]");
    this.button = root.querySelector("button");
    this.sentences = { ...SENTENCES };
    for (const line of root.querySelector("template").content.querySelectorAll("[data-say]")) {
      this.sentences[line.dataset.say] = line.textContent.trim();
    }
    root.hidden = false;
    this.button.addEventListener("click", () => this.run());
  }

  async run() {
    this.button.disabled = true;
    this.list.replaceChildren();
    this.verdict.textContent = this.sentences.working;
    const tell = (holds, code, facts) => this.show(holds, sentence(code, facts, this.sentences, document.documentElement.lang));
    let holds = false;
    try {
      const options = { tell, proof: await this.proof() };
      ({ holds } = await verify(await this.fetched(), options));
    } catch (error) {
      tell(false, "damaged", { detail: error.message });
    }
    this.verdict.textContent = this.sentences[holds ? "holds" : "fails"];
    this.button.disabled = false;
  }

  async fetched() {
    const links = [...this.root.querySelectorAll("[data-file]")];
    const file = async ({ dataset }) => {
      const answer = await fetch(dataset.url, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(`${dataset.file} (${answer.status})`);
      return [dataset.file, new Uint8Array(await answer.arrayBuffer())];
    };
    return new Map(await Promise.all(links.map(file)));
  }

  async proof() {
    const [file] = this.root.querySelector("input[type=file]")?.files ?? [];
    return file ? JSON.parse(await file.text()) : null;
  }

  show(holds, text) {
    const line = document.createElement("li");
    line.className = holds ? "mb-2 text-success" : "mb-2 text-danger";
    const words = document.createElement("span");
    words.className = "text-body";
    words.textContent = text;
    line.append(holds ? "✓ " : "✗ ", words);
    this.list.append(line);
  }
}

if (typeof document !== "undefined" && globalThis.crypto?.subtle) {
  for (const root of document.querySelectorAll("[data-verify]")) new Page(root);
}

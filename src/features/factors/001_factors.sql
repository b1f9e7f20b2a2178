-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What one unit of a campaign's quantity amounts to, with where that is known from. A row is never changed: a better one supersedes it,
-- and one that is no longer to be used is retired. Values are millionths of the unit.
CREATE TABLE factor (
    id BIGINT PRIMARY KEY,
    community_id BIGINT REFERENCES community (id), -- NULL: the program's own, for all
    handle TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL, -- what it is about, the same for its later versions: car-to-bike
    basis TEXT NOT NULL, -- what it multiplies: quantity, hours
    label_fr TEXT NOT NULL,
    label_en TEXT NOT NULL,
    per_fr TEXT NOT NULL, -- one unit of the campaign's quantity, or one hour
    per_en TEXT NOT NULL,
    unit_fr TEXT NOT NULL,
    unit_en TEXT NOT NULL,
    value_low BIGINT NOT NULL,
    value_high BIGINT NOT NULL,
    scope TEXT NOT NULL, -- what the value counts, and what it leaves out
    source TEXT NOT NULL,
    url TEXT NOT NULL, -- '' for none
    version TEXT NOT NULL, -- of the source's data
    year BIGINT NOT NULL, -- of the value
    read_on TEXT NOT NULL, -- when somebody looked it up there: 2026-11-21, or 2026-11
    licence TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    ended_at BIGINT NOT NULL, -- 0: in use
    ended TEXT NOT NULL, -- '', superseded, retired
    CHECK (value_low > 0 AND value_high >= value_low)
);
CREATE INDEX factor_in_use ON factor (community_id, ended_at, id);

-- Those that a campaign's organiser has chosen.
CREATE TABLE campaign_factor (
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    place BIGINT NOT NULL, -- 1, 2, 3
    factor_id BIGINT NOT NULL REFERENCES factor (id),
    PRIMARY KEY (campaign_id, place)
);
CREATE INDEX campaign_factor_by_factor ON campaign_factor (factor_id);

-- Transport, meals, water, things: ADEME by Impact CO2, the repository incubateur-ademe/impactco2 at 8076a48 (2026-07-01). Low and high come from
-- what is counted: use alone, or making as well; the lightest and the heaviest of the alternatives.
INSERT INTO factor (id, community_id, handle, name, basis, label_fr, label_en, per_fr, per_en, unit_fr, unit_en, value_low, value_high,
    scope, source, url, version, year, read_on, licence, valid_from, ended_at, ended) VALUES
(1, NULL, 'hours-weeks', 'hours-weeks', 'hours', 'de travail à plein temps', 'of full-time work', 'heure donnée', 'hour given',
    'semaines de 35 heures', 'weeks of 35 hours', 28571, 28571,
    'durée légale du travail en France : 35 heures par semaine', 'Code du travail, article L3121-27',
    'https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000006072050', 'article L3121-27', 2016, '2026-11', 'Licence Ouverte 2.0', 0, 0, ''),
(2, NULL, 'car-to-bike', 'car-to-bike', 'quantity', 'non émis', 'not emitted',
    'kilomètre à vélo ou à pied plutôt qu’en voiture', 'kilometre by bike or on foot instead of by car', 'kg CO₂e', 'kg CO₂e', 181050, 217600,
    'bas : usage d’une voiture essence ou diesel (0,192) moins un vélo électrique (0,01095) ; haut : usage et fabrication (0,2176), à pied ou à vélo (0)',
    'ADEME, Impact CO2, transport', 'https://github.com/incubateur-ademe/impactco2', '8076a48', 2025, '2026-11', 'Licence Ouverte (Base Carbone)', 0, 0, ''),
(3, NULL, 'car-to-train', 'car-to-train', 'quantity', 'non émis', 'not emitted',
    'kilomètre en train plutôt qu’en voiture', 'kilometre by train instead of by car', 'kg CO₂e', 'kg CO₂e', 164310, 214670,
    'bas : usage d’une voiture (0,192) moins un TER (0,02769) ; haut : usage et fabrication (0,2176) moins un TGV (0,00293)',
    'ADEME, Impact CO2, transport', 'https://github.com/incubateur-ademe/impactco2', '8076a48', 2025, '2026-11', 'Licence Ouverte (Base Carbone)', 0, 0, ''),
(4, NULL, 'car-to-bus', 'car-to-bus', 'quantity', 'non émis', 'not emitted',
    'kilomètre en bus ou en car plutôt qu’en voiture', 'kilometre by bus or coach instead of by car', 'kg CO₂e', 'kg CO₂e', 69580, 180040,
    'bas : usage d’une voiture (0,192) moins un bus de ville diesel (0,12242) ; haut : usage et fabrication (0,2176) moins un autocar (0,03756)',
    'ADEME, Impact CO2, transport', 'https://github.com/incubateur-ademe/impactco2', '8076a48', 2025, '2026-11', 'Licence Ouverte (Base Carbone)', 0, 0, ''),
(5, NULL, 'car-shared', 'car-shared', 'quantity', 'non émis', 'not emitted',
    'kilomètre fait à deux dans une voiture plutôt que dans deux', 'kilometre for two people in one car instead of two', 'kg CO₂e', 'kg CO₂e', 192000, 217600,
    'la seconde voiture, essence ou diesel ; bas : son usage ; haut : son usage et sa fabrication',
    'ADEME, Impact CO2, transport', 'https://github.com/incubateur-ademe/impactco2', '8076a48', 2025, '2026-11', 'Licence Ouverte (Base Carbone)', 0, 0, ''),
(6, NULL, 'meal-vegetarian', 'meal-vegetarian', 'quantity', 'non émis', 'not emitted',
    'repas végétarien plutôt qu’avec de la viande', 'vegetarian meal instead of one with meat', 'kg CO₂e', 'kg CO₂e', 1070000, 6750000,
    'bas : plutôt qu’un repas avec du poulet (1,58) ; haut : avec du bœuf (7,26) ; repas végétarien : 0,51',
    'ADEME, Impact CO2, repas', 'https://github.com/incubateur-ademe/impactco2', '8076a48', 2026, '2026-11', 'Licence Ouverte (Agribalyse)', 0, 0, ''),
(7, NULL, 'water-tap', 'water-tap', 'quantity', 'non émis', 'not emitted',
    'litre d’eau du robinet plutôt qu’en bouteille', 'litre of tap water instead of bottled', 'kg CO₂e', 'kg CO₂e', 320568, 320568,
    'eau en bouteille (0,3207) moins eau du robinet (0,000132)',
    'ADEME, Impact CO2, boisson', 'https://github.com/incubateur-ademe/impactco2', '8076a48', 2026, '2026-11', 'Licence Ouverte (Agribalyse)', 0, 0, ''),
(8, NULL, 'phone-kept', 'phone-kept', 'quantity', 'non émis', 'not emitted',
    'téléphone réparé ou repris plutôt que remplacé par un neuf', 'telephone repaired or passed on instead of replaced by a new one', 'kg CO₂e', 'kg CO₂e', 85100000, 85100000,
    'fabrication d’un smartphone', 'ADEME, Impact CO2, numérique', 'https://github.com/incubateur-ademe/impactco2', '8076a48', 2026, '2026-11', 'Licence Ouverte (Base Empreinte)', 0, 0, ''),
(9, NULL, 'computer-kept', 'computer-kept', 'quantity', 'non émis', 'not emitted',
    'ordinateur réparé ou repris plutôt que remplacé par un neuf', 'computer repaired or passed on instead of replaced by a new one', 'kg CO₂e', 'kg CO₂e', 182600000, 261500000,
    'fabrication ; bas : un portable ; haut : un ordinateur de bureau sans écran', 'ADEME, Impact CO2, numérique', 'https://github.com/incubateur-ademe/impactco2', '8076a48', 2026, '2026-11', 'Licence Ouverte (Base Empreinte)', 0, 0, ''),
(10, NULL, 'clothes-kept', 'clothes-kept', 'quantity', 'non émis', 'not emitted',
    'vêtement repris plutôt qu’acheté neuf', 'garment passed on instead of bought new', 'kg CO₂e', 'kg CO₂e', 5200000, 23200000,
    'fabrication ; bas : un T-shirt en coton ; haut : un jean', 'ADEME, Impact CO2, habillement', 'https://github.com/incubateur-ademe/impactco2', '8076a48', 2026, '2026-11', 'Licence Ouverte (Base Empreinte)', 0, 0, '');

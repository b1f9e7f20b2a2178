-- SPDX-License-Identifier: AGPL-3.0-or-later
ALTER TABLE person ADD COLUMN handle TEXT NOT NULL DEFAULT ''; -- in addresses of administrators
ALTER TABLE person ADD COLUMN name_key TEXT NOT NULL DEFAULT ''; -- the name folded, as it is searched
UPDATE person SET handle = replace(replace(CAST(random() AS TEXT), '-', ''), '.', ''), name_key = lower(name);
CREATE UNIQUE INDEX person_by_handle ON person (handle);
CREATE INDEX person_by_name_key ON person (name_key);

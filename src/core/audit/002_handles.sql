-- SPDX-License-Identifier: AGPL-3.0-or-later
ALTER TABLE audit ADD COLUMN handle TEXT NOT NULL DEFAULT ''; -- from which a list goes on
UPDATE audit SET handle = replace(replace(CAST(random() AS TEXT), '-', ''), '.', '');
CREATE UNIQUE INDEX audit_by_handle ON audit (handle);

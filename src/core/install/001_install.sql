-- SPDX-License-Identifier: AGPL-3.0-or-later
-- One row at most, on PostgreSQL: what all processes that serve this install have to know alike. Beside a file the key stands in a file.
CREATE TABLE install (
    id SMALLINT PRIMARY KEY CHECK (id = 1),
    key TEXT NOT NULL -- 64 hex digits
);

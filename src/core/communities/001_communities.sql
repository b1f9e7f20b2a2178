-- SPDX-License-Identifier: AGPL-3.0-or-later
CREATE TABLE community (
    id BIGINT PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    host TEXT UNIQUE,
    created_at BIGINT NOT NULL
);

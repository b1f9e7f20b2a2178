-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Who is being erased and has more sign-ups than one request may change: a job goes on, page by page, and ends with this row.
CREATE TABLE erasing (
    id BIGINT PRIMARY KEY,
    email TEXT NOT NULL, -- in its normal form
    language TEXT NOT NULL -- of the last mail
);
CREATE INDEX erasing_by_email ON erasing (email);

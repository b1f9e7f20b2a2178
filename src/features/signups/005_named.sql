-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Those who show their first name. With the state alone SQLite preferred the index by state, and read all who are in where nobody shows theirs.
DROP INDEX sign_up_named;
CREATE INDEX sign_up_named ON sign_up (campaign_id, state, show_name, id) WHERE state = 'confirmed' AND show_name = 1;

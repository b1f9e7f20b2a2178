-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The names that a campaign's page shows, read from the index alone: they were a quarter of what making the page cost.
DROP INDEX sign_up_named;
CREATE INDEX sign_up_named ON sign_up (campaign_id, state, show_name, id, first_name) WHERE state = 'confirmed' AND show_name = 1;

-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The few of a campaign whom no mail can reach (SIGN_UP_NO_ADDRESS_HOST): counted without reading all others.
CREATE INDEX sign_up_without_address ON sign_up (campaign_id, id) WHERE email LIKE '%@no-address.invalid';

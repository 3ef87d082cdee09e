-- Schema 13: who writes a row of "issuance" counts it in "card_hour", the cards of a list all at once.

DROP TRIGGER card_hour_issued;

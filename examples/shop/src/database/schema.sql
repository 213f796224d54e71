CREATE TABLE IF NOT EXISTS goods (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    cents INTEGER NOT NULL
) STRICT;

-- Only issuer and subject together identify a person (OpenID Connect Core §5.7).
CREATE TABLE IF NOT EXISTS carts (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    good TEXT NOT NULL REFERENCES goods (id),
    count INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject, good)
) STRICT;

CREATE TABLE IF NOT EXISTS orders (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    placed_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) STRICT;

CREATE TABLE IF NOT EXISTS order_lines (
    order_id INTEGER NOT NULL REFERENCES orders (id),
    good TEXT NOT NULL,
    name TEXT NOT NULL,
    count INTEGER NOT NULL,
    cents INTEGER NOT NULL
) STRICT;

-- The verified email addresses of the people who run the shop.
CREATE TABLE IF NOT EXISTS staff (
    email TEXT PRIMARY KEY
) STRICT;

-- Alice is a person of the development provider (people.toml).
INSERT OR IGNORE INTO staff (email) VALUES ('alice@example.com');

INSERT OR IGNORE INTO goods (id, name, cents) VALUES
    ('bicycle', 'Bicycle bell', 1250),
    ('cow', 'Cow bell', 4500),
    ('door', 'Door bell', 2900),
    ('ship', 'Ship''s bell', 18900);

//! The shop's database: SQLite in a file. Every statement about a cart or an order of a person has the person in its
//! condition, so that nobody gets the data of another person.

use crate::cart::Line;
use crate::goods::Good;
use crate::orders::Order;
use rusqlite::{Connection, Row, Transaction, params};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// The identity of a person at a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The `iss` claim.
    pub issuer: String,
    /// The `sub` claim.
    pub subject: String,
}

/// The reason why the database gives no answer.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The thing does not exist, or it belongs to another person.
    #[error("there is no such thing of this person")]
    NotThere,
    /// SQLite failed.
    #[error(transparent)]
    Sqlite(rusqlite::Error),
    /// The thread of the statement panicked, or the runtime shuts down.
    #[error(transparent)]
    Stopped(#[from] tokio::task::JoinError),
}

impl From<rusqlite::Error> for DatabaseError {
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::QueryReturnedNoRows => Self::NotThere,
            error => Self::Sqlite(error),
        }
    }
}

/// The connection. Clones share it.
#[derive(Clone, Debug)]
pub struct Database(Arc<Mutex<Connection>>);

impl Database {
    /// Opens the database in this file. A file that does not exist is created.
    ///
    /// # Errors
    ///
    /// The error of SQLite.
    pub fn open(file: &Path) -> Result<Self, DatabaseError> {
        Self::prepared(Connection::open(file)?)
    }

    /// A database in memory for tests. Its data is gone when the value is dropped.
    ///
    /// # Errors
    ///
    /// The error of SQLite.
    pub fn in_memory() -> Result<Self, DatabaseError> {
        Self::prepared(Connection::open_in_memory()?)
    }

    fn prepared(connection: Connection) -> Result<Self, DatabaseError> {
        connection.execute_batch("PRAGMA foreign_keys = ON")?;
        connection.execute_batch(include_str!("database/schema.sql"))?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Runs `work` in one transaction, on a thread that may block.
    async fn transaction<T, F>(&self, work: F) -> Result<T, DatabaseError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, DatabaseError> + Send + 'static,
    {
        let connection = self.0.clone();
        let done = tokio::task::spawn_blocking(move || {
            // If a transaction panicked, it was rolled back, so the connection can still be used.
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction = connection.transaction()?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        });
        done.await?
    }

    /// Whether the person with this address belongs to the staff.
    pub(crate) async fn is_staff(&self, email: String) -> Result<bool, DatabaseError> {
        self.transaction(move |transaction| {
            let found = "SELECT EXISTS (SELECT 1 FROM staff WHERE email = ?1)";
            Ok(transaction.query_row(found, [email], |row| row.get(0))?)
        })
        .await
    }

    /// All goods, in the order of their names.
    pub(crate) async fn goods(&self) -> Result<Vec<Good>, DatabaseError> {
        self.transaction(|transaction| {
            let mut statement = transaction.prepare("SELECT id, name, cents FROM goods ORDER BY name")?;
            let goods = statement.query_map([], |row| {
                Ok(Good {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    cents: row.get(2)?,
                })
            })?;
            Ok(goods.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The lines of a person's cart.
    pub(crate) async fn cart(&self, person: Person) -> Result<Vec<Line>, DatabaseError> {
        self.transaction(move |transaction| cart(transaction, &person)).await
    }

    /// Adds `by` to the number of a good in a person's cart. The number is at most 99, and a line below 1 is removed.
    pub(crate) async fn change_cart(&self, person: Person, good: String, by: i64) -> Result<(), DatabaseError> {
        self.transaction(move |transaction| {
            let Person { issuer, subject } = &person;
            transaction.query_row("SELECT id FROM goods WHERE id = ?1", [&good], |_| Ok(()))?;
            transaction.execute(
                "INSERT INTO carts (issuer, subject, good, count) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT DO UPDATE SET count = min(count + ?4, 99)",
                params![issuer, subject, good, by],
            )?;
            transaction.execute(
                "DELETE FROM carts WHERE issuer = ?1 AND subject = ?2 AND count < 1",
                params![issuer, subject],
            )?;
            Ok(())
        })
        .await
    }

    /// Turns a person's cart into an order, and returns the order's number.
    pub(crate) async fn place_order(&self, person: Person) -> Result<i64, DatabaseError> {
        self.transaction(move |transaction| {
            let lines = cart(transaction, &person)?;
            if lines.is_empty() {
                return Err(DatabaseError::NotThere);
            }
            let Person { issuer, subject } = &person;
            transaction.execute(
                "INSERT INTO orders (issuer, subject) VALUES (?1, ?2)",
                [issuer, subject],
            )?;
            let order = transaction.last_insert_rowid();
            for Line {
                good,
                name,
                count,
                cents,
            } in lines
            {
                transaction.execute(
                    "INSERT INTO order_lines (order_id, good, name, count, cents) VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![order, good, name, count, cents],
                )?;
            }
            transaction.execute(
                "DELETE FROM carts WHERE issuer = ?1 AND subject = ?2",
                [issuer, subject],
            )?;
            Ok(order)
        })
        .await
    }

    /// Whether the order exists and belongs to this person.
    pub(crate) async fn owns_order(&self, person: Person, id: i64) -> Result<bool, DatabaseError> {
        self.transaction(move |transaction| {
            let Person { issuer, subject } = &person;
            let found = "SELECT EXISTS (SELECT 1 FROM orders WHERE id = ?1 AND issuer = ?2 AND subject = ?3)";
            Ok(transaction.query_row(found, params![id, issuer, subject], |row| row.get(0))?)
        })
        .await
    }

    /// An order of this person.
    pub(crate) async fn order(&self, person: Person, id: i64) -> Result<Order, DatabaseError> {
        self.transaction(move |transaction| {
            let Person { issuer, subject } = &person;
            let placed_at = transaction.query_row(
                "SELECT placed_at FROM orders WHERE id = ?1 AND issuer = ?2 AND subject = ?3",
                params![id, issuer, subject],
                |row| row.get(0),
            )?;
            with_lines(transaction, id, placed_at)
        })
        .await
    }

    /// The last 100 orders of a person, or of all people, the newest first.
    pub(crate) async fn orders(&self, person: Option<Person>) -> Result<Vec<Order>, DatabaseError> {
        self.transaction(move |transaction| {
            let (issuer, subject) = person.map(|person| (person.issuer, person.subject)).unzip();
            let mut statement = transaction.prepare(
                "SELECT id, placed_at FROM orders WHERE ?1 IS NULL OR (issuer = ?1 AND subject = ?2) \
                 ORDER BY id DESC LIMIT 100",
            )?;
            let orders = statement.query_map(params![issuer, subject], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let orders: Vec<(i64, String)> = orders.collect::<Result<_, _>>()?;
            orders
                .into_iter()
                .map(|(id, placed_at)| with_lines(transaction, id, placed_at))
                .collect()
        })
        .await
    }
}

fn cart(transaction: &Transaction<'_>, person: &Person) -> Result<Vec<Line>, DatabaseError> {
    let mut statement = transaction.prepare(
        "SELECT good, name, count, cents FROM carts JOIN goods ON goods.id = carts.good \
         WHERE issuer = ?1 AND subject = ?2 ORDER BY name",
    )?;
    let lines = statement.query_map([&person.issuer, &person.subject], line)?;
    Ok(lines.collect::<Result<_, _>>()?)
}

fn with_lines(transaction: &Transaction<'_>, id: i64, placed_at: String) -> Result<Order, DatabaseError> {
    let mut statement =
        transaction.prepare("SELECT good, name, count, cents FROM order_lines WHERE order_id = ?1 ORDER BY name")?;
    let lines = statement.query_map([id], line)?.collect::<Result<_, _>>()?;
    Ok(Order { id, placed_at, lines })
}

fn line(row: &Row<'_>) -> rusqlite::Result<Line> {
    Ok(Line {
        good: row.get(0)?,
        name: row.get(1)?,
        count: row.get(2)?,
        cents: row.get(3)?,
    })
}

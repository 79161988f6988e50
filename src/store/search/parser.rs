//! Tokens to a query. `NOT` binds closest, then `AND`, then `OR`. Clauses that nothing joins are alternatives, as in
//! Lucene; of them `+` makes one a must, `-` and `NOT` exclude.

use crate::store::search::SearchError;
use crate::store::search::lexer::Placed;
use crate::store::search::lexer::Token;
use crate::store::search::query::FieldName;
use crate::store::search::query::Query;
use crate::store::search::query::Wanted;

/// How deep parentheses may be nested.
const MOST_DEPTH: usize = 50;

/// How many terms a query may have (as Lucene's own limit).
const MOST_TERMS: usize = 1024;

/// # Errors
/// [`SearchError`] where the tokens are no query.
pub(super) fn parse(tokens: Vec<Placed>) -> Result<Query, SearchError> {
    if tokens.is_empty() {
        return Ok(Query::All);
    }
    if tokens.iter().filter(|(token, _)| matches!(token, Token::Value(_))).count() > MOST_TERMS {
        return Err(SearchError(format!("the query has more than {MOST_TERMS} terms")));
    }
    let mut parser = Parser { tokens: tokens.into_iter().peekable(), depth: 0 };
    let query = parser.sequence(None)?;
    match parser.tokens.next() {
        None => Ok(query),
        Some((_, at)) => Err(SearchError::at("unexpected \")\"", at)),
    }
}

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<Placed>>,
    depth: usize,
}

impl Parser {
    fn takes(&mut self, token: &Token) -> bool {
        self.tokens.next_if(|(next, _)| next == token).is_some()
    }

    /// Clauses up to the end or a closing parenthesis. `field` is that of the group they stand in.
    fn sequence(&mut self, field: Option<&FieldName>) -> Result<Query, SearchError> {
        let (mut musts, mut excluded, mut alternatives) = (Vec::new(), Vec::new(), Vec::new());
        while self.tokens.peek().is_some_and(|(token, _)| *token != Token::Close) {
            let is_must = self.tokens.peek().is_some_and(|(token, _)| *token == Token::Must);
            match self.either(field)? {
                clause @ Query::Not(_) => excluded.push(clause),
                clause if is_must => musts.push(clause),
                clause => alternatives.push(clause),
            }
        }
        // Beside a must, what may be there changes the order of what is found and not what is found.
        if musts.is_empty() && !alternatives.is_empty() {
            musts.push(one_or(alternatives, Query::Or));
        }
        musts.append(&mut excluded);
        if musts.is_empty() {
            return Err(self.missing());
        }
        Ok(one_or(musts, Query::And))
    }

    fn either(&mut self, field: Option<&FieldName>) -> Result<Query, SearchError> {
        let mut clauses = vec![self.both(field)?];
        while self.takes(&Token::Or) {
            clauses.push(self.both(field)?);
        }
        Ok(one_or(clauses, Query::Or))
    }

    fn both(&mut self, field: Option<&FieldName>) -> Result<Query, SearchError> {
        let mut clauses = vec![self.negated(field)?];
        while self.takes(&Token::And) {
            clauses.push(self.negated(field)?);
        }
        Ok(one_or(clauses, Query::And))
    }

    fn negated(&mut self, field: Option<&FieldName>) -> Result<Query, SearchError> {
        let mut negative = false;
        loop {
            if self.takes(&Token::Not) {
                negative = !negative;
            } else if !self.takes(&Token::Must) {
                break;
            }
        }
        let clause = self.clause(field)?;
        Ok(if negative { Query::Not(Box::new(clause)) } else { clause })
    }

    fn clause(&mut self, field: Option<&FieldName>) -> Result<Query, SearchError> {
        match self.tokens.next() {
            Some((Token::Open, at)) => self.group(field, at),
            Some((Token::Field(name), at)) if field.is_some() => {
                Err(SearchError::at(&format!("the field \"{}\" stands inside another field", name.join(".")), at))
            }
            Some((Token::Field(name), at)) => self.of_field(name, at),
            Some((Token::Value(Wanted::Range(_)), at)) if field.is_none() => {
                Err(SearchError::at("a range needs a field", at))
            }
            Some((Token::Value(Wanted::Pattern(pattern)), _)) if pattern.is_anything() => {
                Ok(field.map_or(Query::All, |field| Query::Exists(field.clone())))
            }
            Some((Token::Value(wanted), _)) => Ok(Query::Term(field.cloned(), wanted)),
            Some((_, at)) => Err(SearchError::at("a term is missing", at)),
            None => Err(self.missing()),
        }
    }

    /// What follows `name:`.
    fn of_field(&mut self, name: FieldName, at: usize) -> Result<Query, SearchError> {
        if !matches!(self.tokens.peek(), Some((Token::Open | Token::Value(_), _))) {
            return Err(SearchError::at(&format!("the field \"{}\" has no value", name.join(".")), at));
        }
        match name.as_slice() {
            [only] if only == "_exists_" => match self.tokens.next() {
                Some((Token::Value(Wanted::Value(path)), _)) => {
                    Ok(Query::Exists(path.split('.').map(str::to_owned).collect()))
                }
                _ => Err(SearchError::at("_exists_ wants the name of a field", at)),
            },
            [only] if only == "*" => match self.clause(None)? {
                Query::All => Ok(Query::All),
                _ => Err(SearchError::at("names of fields take no wildcards", at)),
            },
            parts if parts.iter().any(|part| part.is_empty() || part.contains('*')) => {
                Err(SearchError::at(&format!("\"{}\" is no name of a field", name.join(".")), at))
            }
            _ => self.clause(Some(&name)),
        }
    }

    fn group(&mut self, field: Option<&FieldName>, at: usize) -> Result<Query, SearchError> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > MOST_DEPTH {
            return Err(SearchError::at("too many parentheses inside each other", at));
        }
        let query = self.sequence(field)?;
        self.depth = self.depth.saturating_sub(1);
        if self.takes(&Token::Close) {
            return Ok(query);
        }
        Err(SearchError::at("the parenthesis is not closed that opens", at))
    }

    fn missing(&mut self) -> SearchError {
        match self.tokens.peek() {
            Some((_, at)) => SearchError::at("a term is missing", *at),
            None => SearchError("a term is missing at the end".to_owned()),
        }
    }
}

/// One clause as it is, several together.
fn one_or(mut clauses: Vec<Query>, together: fn(Vec<Query>) -> Query) -> Query {
    match clauses.pop() {
        Some(only) if clauses.is_empty() => only,
        Some(last) => {
            clauses.push(last);
            together(clauses)
        }
        None => together(clauses),
    }
}

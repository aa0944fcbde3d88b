#include "tools/office/postgres_statement.hpp"

#include <algorithm>
#include <boost/endian/conversion.hpp>
#include <charconv>
#include <cstdlib>
#include <type_traits>

#include "content/base/error.hpp"
#include "content/base/plain_text.hpp"

namespace riverlight::office {
namespace {

/// Types of pg_type.dat, which never change.
constexpr Oid type_bool = 16, type_bytea = 17, type_int8 = 20, type_text = 25;
constexpr int in_binary = 1;
constexpr int rows_at_once = 1000;

/// PostgreSQL stores neither NUL nor what is not UTF-8. Nothing that is stored has either, so that such a
/// text, which a stranger may send, has to be found nowhere, and not to fail.
bool can_be_stored(std::string_view text) {
    return text.find('\0') == std::string_view::npos && is_utf8(text);
}

}  // namespace

NumberedSql with_numbered_values(std::string_view sql) {
    NumberedSql numbered;
    auto& out = numbered.text;
    int number = 0;
    bool is_quoted = false;
    for (std::size_t i = 0; i < sql.size(); ++i) {
        if (sql[i] == '\'') is_quoted = !is_quoted;
        if (sql[i] != '?' || is_quoted) {
            out += sql[i];
            continue;
        }
        out += '$';
        // A number of its own has one digit.
        const bool has_number = i + 1 < sql.size() && sql[i + 1] >= '1' && sql[i + 1] <= '9';
        const int value = has_number ? sql[++i] - '0' : ++number;
        out += std::to_string(value);
        numbered.values = std::max(numbered.values, static_cast<std::size_t>(value));
    }
    return numbered;
}

PostgresStatement::PostgresStatement(PostgresConnection& connection, std::string name, std::string_view sql)
    : connection_(connection), name_(std::move(name)), sql_(with_numbered_values(sql)) {}

PostgresStatement::~PostgresStatement() {
    if (prepared_in_ == connection_.session()) connection_.forget(name_);
}

void PostgresStatement::bind(const SqlValue* values, std::size_t count, ValueLifetime lifetime) {
    for (std::size_t i = 0; i < count; ++i) add(values[i], lifetime);
    while (values_.types.size() < sql_.values) add(nullptr, lifetime);
}

void PostgresStatement::add(const SqlValue& value, ValueLifetime lifetime) {
    const auto put = [&](Oid type, const char* data, std::size_t size) {
        values_.types.push_back(type);
        values_.data.push_back(data);
        values_.lengths.push_back(static_cast<int>(size));
        values_.formats.push_back(in_binary);
    };
    const auto put_kept = [&](Oid type, std::string_view data, bool is_kept) {
        if (!is_kept) data = copies_.emplace_back(data);
        put(type, data.empty() ? "" : data.data(), data.size());
    };
    const bool is_kept = lifetime == ValueLifetime::borrowed;
    const auto add_one = [&](const auto& of) {
        using Type = std::decay_t<decltype(of)>;
        if constexpr (std::is_same_v<Type, std::nullptr_t>) {
            put(0, nullptr, 0);
        } else if constexpr (std::is_same_v<Type, std::int64_t>) {
            std::string bytes(sizeof of, '\0');
            boost::endian::store_big_s64(reinterpret_cast<unsigned char*>(bytes.data()), of);
            put_kept(type_int8, bytes, false);
        } else if constexpr (std::is_same_v<Type, std::string_view>) {
            if (can_be_stored(of))
                put_kept(type_text, of, is_kept);
            else
                put_kept(type_text, plain_text(of), false);
        } else {
            put_kept(type_bytea, of.value, is_kept);
        }
    };
    std::visit(add_one, value);
}

void PostgresStatement::execute() {
    connection_.make_ready();
    try {
        execute_once();
    } catch (const Error&) {
        if (!connection_.may_repeat()) throw;
        connection_.make_ready();
        execute_once();
    }
}

void PostgresStatement::execute_once() {
    if (in_pieces_) {
        static_cast<void>(
            connection_.run_with("DECLARE " + name_ + " NO SCROLL CURSOR FOR " + sql_.text, values_));
        return fetch();
    }
    if (prepared_in_ != connection_.session()) {
        connection_.prepare_as(name_, sql_.text, values_);
        prepared_in_ = connection_.session();
    }
    result_ = connection_.run_prepared(name_, values_);
}

void PostgresStatement::fetch() {
    result_ = connection_.run("FETCH " + std::to_string(rows_at_once) + " FROM " + name_);
    row_ = -1;
}

bool PostgresStatement::step() {
    if (!result_) execute();
    if (in_pieces_ && row_ + 1 == rows_at_once) fetch();
    return ++row_ < PQntuples(result_.get());
}

void PostgresStatement::reset() noexcept {
    if (in_pieces_ && result_ && connection_.is_in_transaction()) {
        try {
            static_cast<void>(connection_.run("CLOSE " + name_));
        } catch (const Error&) {  // it ends with the transaction
        }
    }
    result_.reset();
    values_ = {};
    copies_.clear();
    row_ = -1;
    in_pieces_ = false;
}

int PostgresStatement::changed() const {
    return std::atoi(PQcmdTuples(result_.get()));
}

std::string_view PostgresStatement::bytes(int column) const {
    const auto* value = PQgetvalue(result_.get(), row_, column);
    const auto size = static_cast<std::size_t>(PQgetlength(result_.get(), row_, column));
    if (PQftype(result_.get(), column) != type_bytea) return {value, size};
    const auto free = [](unsigned char* of) { PQfreemem(of); };
    std::size_t length = 0;
    const std::unique_ptr<unsigned char, decltype(free)> decoded(
        PQunescapeBytea(reinterpret_cast<const unsigned char*>(value), &length), free);
    if (!decoded) throw Error("out of memory");
    decoded_.assign(reinterpret_cast<const char*>(decoded.get()), length);
    return decoded_;
}

std::int64_t PostgresStatement::integer(int column) const {
    const std::string_view value(PQgetvalue(result_.get(), row_, column),
                                 static_cast<std::size_t>(PQgetlength(result_.get(), row_, column)));
    if (PQftype(result_.get(), column) == type_bool) return value == "t" ? 1 : 0;
    std::int64_t out = 0;
    std::from_chars(value.data(), value.data() + value.size(), out);
    return out;
}

bool PostgresStatement::is_null(int column) const {
    return PQgetisnull(result_.get(), row_, column) != 0;
}

}  // namespace riverlight::office

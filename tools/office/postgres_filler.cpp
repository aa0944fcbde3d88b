#include "tools/office/postgres_filler.hpp"

#include <boost/endian/conversion.hpp>
#include <concepts>
#include <type_traits>

#include "content/base/error.hpp"

namespace riverlight::office {
namespace {

constexpr std::size_t longest_piece = 256U << 10;
constexpr std::string_view head("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);  // no flags, no extension
constexpr std::int32_t length_of_null = -1;
constexpr std::int16_t no_more_rows = -1;

template <std::integral Number>
void put(std::string& out, Number number) {
    const auto big = boost::endian::native_to_big(number);
    out.append(reinterpret_cast<const char*>(&big), sizeof big);
}

void put_bytes(std::string& out, std::string_view bytes) {
    put(out, static_cast<std::int32_t>(bytes.size()));
    out += bytes;
}

void put_value(std::string& out, const SqlValue& value) {
    const auto put_one = [&](const auto& of) {
        using Type = std::decay_t<decltype(of)>;
        if constexpr (std::is_same_v<Type, std::nullptr_t>) {
            put(out, length_of_null);
        } else if constexpr (std::is_same_v<Type, std::int64_t>) {
            put(out, static_cast<std::int32_t>(sizeof of));
            put(out, of);
        } else if constexpr (std::is_same_v<Type, std::string_view>) {
            put_bytes(out, of);
        } else {
            put_bytes(out, of.value);
        }
    };
    std::visit(put_one, value);
}

}  // namespace

PostgresFiller::PostgresFiller(PostgresConnection& connection, std::string_view table,
                               const std::vector<std::string>& columns)
    : connection_(connection), piece_(head) {
    std::string names;
    for (const auto& column : columns) names += (names.empty() ? "\"" : ",\"") + column + '"';
    connection_.begin_copy("COPY \"" + std::string(table) + "\"(" + names + ") FROM STDIN (FORMAT binary)");
    is_open_ = true;
}

PostgresFiller::~PostgresFiller() {
    if (!is_open_) return;
    try {
        connection_.end_copy("it was not finished");
    } catch (const Error&) {  // as was asked for: the transaction can only be taken back
    }
}

void PostgresFiller::add(const SqlValues& row) {
    put(piece_, static_cast<std::int16_t>(row.size()));
    for (const auto& value : row) put_value(piece_, value);
    if (piece_.size() < longest_piece) return;
    connection_.put_copied(piece_);
    piece_.clear();
}

void PostgresFiller::finish() {
    put(piece_, no_more_rows);
    connection_.put_copied(piece_);
    is_open_ = false;
    connection_.end_copy(nullptr);
}

}  // namespace riverlight::office

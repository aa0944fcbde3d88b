#pragma once
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/toml_parser.hpp"
#include "scheduler/campaign/schedule.hpp"

namespace riverlight::scheduler {

/// Reads one TOML table key by key. Each error becomes a finding with its line, and the key gets a harmless
/// value, so that reading continues.
class TableReader {
  public:
    TableReader(const toml::table& table, std::string where, const std::string& file,
                std::vector<Finding>& findings)
        : table_(table), where_(std::move(where)), file_(file), findings_(findings) {}

    [[nodiscard]] std::string text(std::string_view key, bool needed = false);
    /// An id ([a-z0-9-], at most 63); empty and a finding otherwise.
    [[nodiscard]] std::string id(std::string_view key);
    [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t otherwise, std::int64_t least,
                                       std::int64_t most);
    [[nodiscard]] std::vector<std::string> texts(std::string_view key, std::size_t most);
    /// Whole numbers, each from `least` to `most_value`.
    [[nodiscard]] std::vector<int> integers(std::string_view key, std::size_t most, std::int64_t least,
                                            std::int64_t most_value);
    /// A TOML local date, or text in that form.
    [[nodiscard]] std::optional<std::chrono::local_days> date(std::string_view key);
    /// A list of such dates; sorted, each once.
    [[nodiscard]] std::vector<std::chrono::local_days> dates(std::string_view key, std::size_t most);
    /// A TOML date-time with or without an offset, or text in that form.
    [[nodiscard]] std::optional<Moment> moment(std::string_view key);
    /// TOML local time, or text `HH:MM` or `HH:MM:SS`, in seconds from midnight; 24:00 allowed.
    [[nodiscard]] std::optional<std::chrono::seconds> time(std::string_view key, bool needed);
    [[nodiscard]] const toml::table* table(std::string_view key);
    /// One of a few words; `otherwise` if the key is absent or its word unknown.
    template <class Value>
    [[nodiscard]] Value word(std::string_view key, Value otherwise,
                             std::optional<Value> (*from_text)(std::string_view),
                             std::span<const std::string_view> words) {
        const auto written = text(key);
        if (written.empty()) return otherwise;
        const auto value = from_text(written);
        if (!value) wrong_word(key, written, words);
        return value.value_or(otherwise);
    }
    /// Adds a finding that lists the allowed words and suggests the nearest.
    void wrong_word(std::string_view key, std::string_view written, std::span<const std::string_view> words);
    /// The tables of an array of tables, at most `most`.
    [[nodiscard]] std::vector<const toml::table*> tables(std::string_view key, std::size_t most);
    /// Adds a finding for each key that is not in `known`, with the nearest known name.
    void reject_unknown(std::span<const std::string_view> known);

    /// `meant`: the known name nearest to an unknown one; empty: none.
    void error(const toml::node* at, std::string message, std::string meant = {}) {
        add(at, true, std::move(message), std::move(meant));
    }
    void error(std::string message) { add(&table_, true, std::move(message), {}); }
    [[nodiscard]] const toml::node* node(std::string_view key) const { return table_.get(key); }
    [[nodiscard]] int line() const { return static_cast<int>(table_.source().begin.line); }
    [[nodiscard]] const std::string& where() const { return where_; }

  private:
    void add(const toml::node* at, bool is_error, std::string message, std::string meant);
    [[nodiscard]] const toml::node* find(std::string_view key, bool needed);

    const toml::table& table_;
    std::string where_;
    const std::string& file_;
    std::vector<Finding>& findings_;
};

}  // namespace riverlight::scheduler

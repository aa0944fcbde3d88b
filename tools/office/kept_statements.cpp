#include "tools/office/kept_statements.hpp"

namespace riverlight::office {
namespace {

/// Lists of airings have a text for each choice of filters; all others are as many as the sources have.
constexpr std::size_t most_kept = 250;

}  // namespace

KeptStatement& KeptStatements::take(std::string_view sql) {
    const auto [first, last] = kept_.equal_range(sql);
    for (auto it = first; it != last; ++it)
        if (!it->second->is_used) {
            it->second->is_used = true;
            return *it->second;
        }
    if (kept_.size() >= most_kept) std::erase_if(kept_, [](const auto& one) { return !one.second->is_used; });
    auto added =
        std::make_unique<KeptStatement>(KeptStatement{std::string(sql), connection_.prepare(sql), true});
    const std::string_view key = added->sql;
    return *kept_.emplace(key, std::move(added))->second;
}

}  // namespace riverlight::office

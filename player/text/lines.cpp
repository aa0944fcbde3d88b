#include "player/text/lines.hpp"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>

#include "player/text/utf8.hpp"

namespace riverlight::player {
namespace {

/// By BreakQuality: the share of a line that may stay empty to end it at a better break.
constexpr std::array<double, 3> cost_of{0.0, 0.2, 0.45};
constexpr std::array<double, 3> no_cost{0.0, 0.0, 0.0};

double cost(const std::array<double, 3>& costs, BreakQuality quality) {
    return costs[static_cast<std::size_t>(quality)];
}

bool is_blank(char32_t c) {
    const auto type = u_charType(static_cast<UChar32>(c));
    return c == 0x200b ||
           (type == U_SPACE_SEPARATOR && c != 0x00a0 && c != 0x202f && c != 0x2007 && c != 0x1680);
}

/// The last of rising `ends` after `from` that still fits; 0 if none does.
std::size_t last_that_fits(const MeasuredParagraph& p, const std::vector<std::size_t>& ends, std::size_t from,
                           double limit) {
    std::size_t best = 0;
    for (auto it = std::upper_bound(ends.begin(), ends.end(), from); it != ends.end(); ++it) {
        if (p.width(from, *it) > limit) break;
        best = *it;
    }
    return best;
}

/// The break after `from` that ends the best line; 0 if none fits.
std::size_t best_break(const MeasuredParagraph& p, std::size_t from, const LineLimit& limit,
                       const std::array<double, 3>& costs) {
    const auto& breaks = p.breaks.lines;
    auto it = std::upper_bound(breaks.begin(), breaks.end(), from,
                               [](std::size_t at, const Break& b) { return at < b.at; });
    const auto first = it;
    std::size_t best = 0;
    double best_score = -std::numeric_limits<double>::infinity();
    for (; it != breaks.end(); ++it) {
        const double width = p.width(from, it->at);
        if (width > limit.width) break;
        const bool last = it->at == p.text.size();
        const double score = last ? 2 : width / limit.width - cost(costs, it->quality);
        if (score < best_score) continue;
        best_score = score;
        best = it->at;
    }
    if (!best && first != breaks.end() && p.width(from, first->at) <= limit.max_width) best = first->at;
    return best;
}

std::size_t end_of_line(const MeasuredParagraph& p, std::size_t from, const LineLimit& limit,
                        const std::array<double, 3>& costs) {
    auto best = best_break(p, from, limit, costs);
    if (!best) best = last_that_fits(p, p.breaks.syllables, from, limit.width);
    if (!best) best = last_that_fits(p, p.breaks.graphemes, from, limit.width);
    if (best) return best;
    return *std::upper_bound(p.breaks.graphemes.begin(), p.breaks.graphemes.end(), from);
}

std::vector<Line> fill_with(const MeasuredParagraph& p, const LineLimit& limit,
                            const std::array<double, 3>& costs) {
    std::vector<Line> lines;
    for (std::size_t at = 0; at < p.text.size();) {
        const auto end = end_of_line(p, at, limit, costs);
        if (const auto line = p.trimmed(at, end); line.from < line.until) lines.push_back(line);
        at = end;
    }
    return lines;
}

/// Finds the most even lines: minimises the sum of squared deviations from the mean width and of the breaks'
/// costs, by dynamic programming.
class Balancer {
  public:
    Balancer(const MeasuredParagraph& p, double limit, std::size_t lines)
        : p_(p),
          limit_(limit),
          target_(std::min(limit, p.width(0, p.text.size()) / static_cast<double>(lines))),
          ends_(p.breaks.lines),
          best_((lines + 1) * (ends_.size() + 1)) {
        ends_.insert(ends_.begin(), Break{0, BreakQuality::phrase});
        at(0, 0).cost = 0;
        for (std::size_t line = 1; line <= lines; ++line) add_line(line);
        read_back(lines);
    }
    /// Empty where no breaks fit.
    [[nodiscard]] std::vector<Line> take_lines() { return std::move(lines_); }

  private:
    struct State {
        double cost = std::numeric_limits<double>::infinity();
        std::size_t from = 0;
    };
    State& at(std::size_t line, std::size_t end) { return best_[line * ends_.size() + end]; }

    void add_line(std::size_t line) {
        for (std::size_t from = 0; from + 1 < ends_.size(); ++from) {
            const auto so_far = at(line - 1, from).cost;
            if (so_far == std::numeric_limits<double>::infinity()) continue;
            for (std::size_t end = from + 1; end < ends_.size(); ++end) {
                const double width = p_.width(ends_[from].at, ends_[end].at);
                if (width > limit_) break;
                const double off = (width - target_) / target_, worse = cost(cost_of, ends_[end].quality);
                const double total = so_far + off * off + worse * worse;
                if (total < at(line, end).cost) at(line, end) = {total, from};
            }
        }
    }

    void read_back(std::size_t lines) {
        auto end = ends_.size() - 1;
        if (at(lines, end).cost == std::numeric_limits<double>::infinity()) return;
        for (auto line = lines; line > 0; --line) {
            const auto from = at(line, end).from;
            lines_.push_back(p_.trimmed(ends_[from].at, ends_[end].at));
            end = from;
        }
        std::reverse(lines_.begin(), lines_.end());
    }

    const MeasuredParagraph& p_;
    double limit_, target_;
    std::vector<Break> ends_;
    std::vector<State> best_;
    std::vector<Line> lines_;
};

}  // namespace

Line MeasuredParagraph::trimmed(std::size_t from, std::size_t until) const {
    while (from < until) {
        auto next = from;
        if (!is_blank(next_code_point(text, next))) break;
        from = next;
    }
    while (until > from) {
        auto last = until - 1;
        while (last > from && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80) --last;
        auto next = last;
        if (!is_blank(next_code_point(text, next))) break;
        until = last;
    }
    return {from, until};
}

double MeasuredParagraph::width(std::size_t from, std::size_t until) const {
    assert(from <= until && until < x.size());
    const auto line = trimmed(from, until);
    return x[line.until] - x[line.from];
}

std::vector<Line> fill_lines(const MeasuredParagraph& paragraph, const LineLimit& limit) {
    return fill_with(paragraph, limit, cost_of);
}

std::size_t fewest_lines(const MeasuredParagraph& paragraph, const LineLimit& limit) {
    return fill_with(paragraph, limit, no_cost).size();
}

std::vector<Line> balance_lines(const MeasuredParagraph& paragraph, const LineLimit& limit) {
    const auto count = fewest_lines(paragraph, limit);
    if (count == 1 || count > max_balanced) return fill_lines(paragraph, limit);
    auto lines = Balancer(paragraph, limit.width, count).take_lines();
    return lines.empty() ? fill_lines(paragraph, limit) : lines;
}

}  // namespace riverlight::player

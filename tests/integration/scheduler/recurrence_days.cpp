// Reads lines `first days rrule` from standard input, the first day as 2026-01-31, and answers each with one
// line: the days of the rule in so many days from the first, or `refused: why`. recurrence_test.py compares
// it with dateutil.
#include <iostream>
#include <sstream>

#include "content/base/error.hpp"
#include "content/base/instant.hpp"
#include "scheduler/calendar/recurrence.hpp"

using namespace riverlight;

int main() {
    std::ios::sync_with_stdio(false);
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string first_text, rrule;
        int count = 0;
        words >> first_text >> count >> rrule;
        const auto first = date_from_iso(first_text);
        if (!first) return 1;
        try {
            const auto rule = scheduler::read_recurrence(rrule);
            const char* separator = "";
            for (int n = 0; n < count; ++n) {
                const auto day = *first + std::chrono::days{n};
                if (!scheduler::recurs_on(rule, *first, day)) continue;
                std::cout << separator << to_iso(day);
                separator = " ";
            }
            std::cout << '\n';
        } catch (const ReadError& e) {
            std::cout << "refused: " << e.what() << '\n';
        }
    }
    return 0;
}

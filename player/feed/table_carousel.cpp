#include "player/feed/table_carousel.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "player/feed/splice_info.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t packet_payload = 184;

}  // namespace

// Repetition rates: shorter than TR 101 290 and EN 300 468 demand.
TableCarousel::TableCarousel(const Service& service, const Profile& profile, FeedState& state,
                             StreamTime start)
    : service_(service),
      profile_(profile),
      state_(state),
      tables_{{{pid::pat, 90ms, pat_sections(service, state.next_version(pid::pat))},
               {pid::pmt, 90ms, pmt_sections(service, profile, state.next_version(pid::pmt))},
               {pid::sdt, 480ms, sdt_sections(service, state.next_version(pid::sdt))},
               {pid::nit, 2s, nit_sections(service, state.next_version(pid::nit))},
               {pid::eit, 1s, {}},
               {pid::eit, 8s, {}},
               {pid::tdt, 10s, {}},
               {pid::splice, 5s, {splice_null_section()}}}} {
    for (auto& table : tables_) table.next = start;
}

bool TableCarousel::is_program_table(const Queued& queued) {
    return queued.pid == pid::pat || queued.pid == pid::pmt;
}

void TableCarousel::set_guide(Sections present_following, Sections schedule, StreamTime now) {
    tables_[eit_present].sections = std::move(present_following);
    tables_[eit_present].next = now;
    tables_[eit_later].sections = std::move(schedule);
}

void TableCarousel::queue_due(StreamTime now) {
    for (auto& table : tables_) {
        if (now < table.next) continue;
        table.next = now + table.every;
        if (&table == &tables_[time]) table.sections = utc_ ? time_sections(service_, utc_(now)) : Sections{};
        for (const auto& section : table.sections) queue_section(table.pid, section);
    }
}

void TableCarousel::set_language(LanguageCode language, StreamTime now) {
    if (language == service_.language) return;
    service_.language = language;
    tables_[pmt].sections = pmt_sections(service_, profile_, state_.next_version(pid::pmt));
    queue_program_tables(now);
}

void TableCarousel::queue_program_tables(StreamTime now) {
    // Each once: sections of a repetition that has not begun would come between these and the key picture.
    queue_.erase(std::remove_if(queue_.begin() + first_unbegun(), queue_.end(), is_program_table),
                 queue_.end());
    for (auto* table : {&tables_[pmt], &tables_[pat]}) {  // each goes before what waits: the PAT is first
        table->next = now + table->every;
        for (const auto& section : table->sections) queue_section(table->pid, section);
    }
}

bool TableCarousel::has_program_tables() const {
    return std::any_of(queue_.begin(), queue_.end(), is_program_table);
}

void TableCarousel::queue_section(unsigned pid, const Bytes& section) {
    Bytes payload{0};  // pointer_field: each section begins a packet
    payload.insert(payload.end(), section.begin(), section.end());
    // Sections are stuffed with 0xff after their end, not in an adaptation field (13818-1, 2.4.4).
    payload.resize((payload.size() + packet_payload - 1) / packet_payload * packet_payload, 0xff);
    if (pid == pid::eit)
        queue_.push_back({pid, std::move(payload)});
    else
        queue_.insert(queue_.begin() + first_unbegun(), {pid, std::move(payload)});
}

std::span<const std::uint8_t> TableCarousel::payload() const {
    assert(!empty());
    return std::span(queue_.front().payload).subspan(sent_);
}

void TableCarousel::make_room_for_flags() {
    assert(!empty());
    auto& payload = queue_.front().payload;
    constexpr auto without_flags = packet_payload - 2;
    if (payload.size() == packet_payload && payload[without_flags] == 0xff) payload.resize(without_flags);
}

void TableCarousel::consume(std::size_t bytes) {
    assert(!empty() && bytes <= payload().size());
    sent_ += bytes;
    if (sent_ < queue_.front().payload.size()) return;
    queue_.pop_front();
    sent_ = 0;
}

}  // namespace riverlight::player

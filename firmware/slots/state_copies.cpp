#include "firmware/slots/state_copies.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "content/base/crypto.hpp"

namespace riverlight::firmware {
namespace {

constexpr std::size_t sector = 512, env_size = 2 * sector;
constexpr std::string_view env_head = "# GRUB Environment Block\n";

std::string hash_line(std::string_view env, std::uint64_t place) {
    const auto line = sha256_hex(env) + "  " + std::to_string(place / sector) + "+2\n";
    return std::string(sector - line.size(), ' ') + line;
}

template <class Enum, std::size_t N>
std::optional<Enum> parse_name(std::string_view text, const std::array<Enum, N>& all) {
    for (const auto value : all)
        if (to_text(value) == text) return value;
    return std::nullopt;
}

constexpr std::array all_marks{StartMark::none, StartMark::odd, StartMark::even};

std::optional<SlotRecord> parse_record(const std::map<std::string, std::string, std::less<>>& values,
                                       SystemSlot slot) {
    const std::string name(to_text(slot));
    const auto trust = values.find(name), fault = values.find(name + "_FAULT");
    if (trust == values.end() || fault == values.end()) return std::nullopt;
    const auto known_trust = parse_slot_trust(trust->second);
    if (!known_trust) return std::nullopt;
    return SlotRecord{*known_trust, parse_slot_fault(fault->second)};
}

std::map<std::string, std::string, std::less<>> parse_env(std::string_view env) {
    std::map<std::string, std::string, std::less<>> values;
    while (!env.empty()) {
        const auto end = env.find('\n');
        const auto line = env.substr(0, end);
        const auto mark = line.find('=');
        if (!line.starts_with('#') && mark != std::string_view::npos)
            values.emplace(line.substr(0, mark), line.substr(mark + 1));
        env.remove_prefix(end == std::string_view::npos ? env.size() : end + 1);
    }
    return values;
}

std::optional<SlotState> parse_env_block(std::string_view env) {
    if (!env.starts_with(env_head)) return std::nullopt;
    const auto values = parse_env(env);
    const auto value = [&](std::string_view name) {
        const auto found = values.find(name);
        return found == values.end() ? std::string_view{} : std::string_view(found->second);
    };
    SlotState state;
    const auto number = value("GENERATION");
    const auto [end, fault] = std::from_chars(number.data(), number.data() + number.size(), state.generation);
    const auto first = parse_slot(value("FIRST"));
    const auto a = parse_record(values, SystemSlot::a), b = parse_record(values, SystemSlot::b);
    if (value("FORMAT") != "1" || fault != std::errc{} || end != number.data() + number.size() ||
        state.generation < 1 || !first || !a || !b)
        return std::nullopt;
    state.first = *first;
    state.slots = {*a, *b};
    return state;
}

}  // namespace

std::string to_copy(const SlotState& state, std::uint64_t place) {
    auto env = std::string(env_head) + "FORMAT=1\nGENERATION=" + std::to_string(state.generation) +
               "\nFIRST=" + std::string(to_text(state.first)) + "\n";
    for (const auto slot : all_slots) {
        const std::string name(to_text(slot));
        env += name + "=" + std::string(to_text(state.of(slot).trust)) + "\n";
        env += name + "_FAULT=" + std::string(to_text(state.of(slot).fault)) + "\n";
    }
    env.resize(env_size, '#');
    auto copy = env + hash_line(env, place);
    copy.resize(copy_size, '\0');
    return copy;
}

std::optional<SlotState> parse_copy(std::string_view bytes, std::uint64_t place) {
    if (bytes.size() < env_size + sector) return std::nullopt;
    const auto env = bytes.substr(0, env_size);
    // GRUB reads hexadecimal digits of either case: a copy is valid here if it is valid there.
    const auto line = bytes.substr(env_size, sector);
    const auto lower = [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; };
    if (!std::ranges::equal(line, hash_line(env, place), {}, lower)) return std::nullopt;
    return parse_env_block(env);
}

namespace {

std::array<std::optional<SlotState>, 2> read_copies(const BlockDevice& device) {
    std::array<std::optional<SlotState>, 2> found;
    for (std::size_t i = 0; i < found.size(); ++i)
        found.at(i) = parse_copy(device.read(copy_places.at(i), copy_size), copy_places.at(i));
    return found;
}

/// The index of the newest valid copy; none if neither is valid.
std::optional<std::size_t> find_newest(const std::array<std::optional<SlotState>, 2>& copies) {
    if (!copies[0] && !copies[1]) return std::nullopt;
    if (copies[0] && copies[1]) return copies[1]->generation > copies[0]->generation ? 1 : 0;
    return copies[0] ? 0 : 1;
}

}  // namespace

std::optional<SlotState> read_state(const BlockDevice& device) {
    const auto copies = read_copies(device);
    const auto newest = find_newest(copies);
    return newest ? copies.at(*newest) : std::nullopt;
}

void write_state(BlockDevice& device, const SlotState& state) {
    const auto newest = find_newest(read_copies(device));
    const auto place = copy_places.at(newest == 0 ? 1 : 0);
    device.write(place, to_copy(state, place));
    device.flush();
}

void write_state_twice(BlockDevice& device, const SlotState& state) {
    write_state(device, state);
    auto again = state;
    ++again.generation;
    write_state(device, again);
}

StartMark read_arrival(const BlockDevice& device) {
    const auto block = device.read(arrival_place, sector);
    if (!block.starts_with(env_head)) return StartMark::none;
    const auto values = parse_env(block);
    const auto found = values.find("ARRIVED");
    if (found == values.end()) return StartMark::none;
    return parse_name(found->second, all_marks).value_or(StartMark::none);
}

void write_arrival(BlockDevice& device, StartMark mark) {
    auto block = std::string(env_head) + "ARRIVED=" + std::string(to_text(mark)) + "\n";
    block.resize(sector, '#');
    if (device.read(arrival_place, sector) == block) return;
    device.write(arrival_place, block);
    device.flush();
}

}  // namespace riverlight::firmware

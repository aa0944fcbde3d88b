#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

/// What is known of the two slots of a board's system, and how it changes. Pure.
namespace riverlight::firmware {

/// One of the two places that a board's system is installed in. Its letter is its name, also for RAUC.
enum class SystemSlot : std::uint8_t { a, b };
inline constexpr std::array all_slots{SystemSlot::a, SystemSlot::b};

/// How far what a slot holds is trusted.
enum class SlotTrust : std::uint8_t {
    empty,   ///< nothing is in it, or an installation into it has begun and did not end
    unsure,  ///< completely written; has not shown yet that it can play
    sure,    ///< frames have left every outlet for minutes
    failed,  ///< given up; `SlotFault` says why
};

/// Why a slot was given up.
enum class SlotFault : std::uint8_t {
    none,          ///< it was not
    starts_used,   ///< it used up its starts and never played for long enough
    root_damaged,  ///< its root is not the one that its hash names, or cannot be opened
    did_not_play,  ///< it ran and could have played for minutes, and never did for long enough
    unknown        ///< one that another version of this program wrote
};

/// One slot.
struct SlotRecord {
    SlotTrust trust = SlotTrust::empty;
    SlotFault fault = SlotFault::none;  ///< none unless `trust` is failed

    friend bool operator==(const SlotRecord&, const SlotRecord&) = default;
};

/// Both slots. Each change has the next generation.
struct SlotState {
    std::int32_t generation = 1;       ///< from 1
    SystemSlot first = SystemSlot::a;  ///< the one that is to start
    std::array<SlotRecord, 2> slots{};

    [[nodiscard]] const SlotRecord& of(SystemSlot slot) const {
        return slots.at(static_cast<std::size_t>(slot));
    }

    friend bool operator==(const SlotState&, const SlotState&) = default;
};

[[nodiscard]] SystemSlot other_slot(SystemSlot slot);

[[nodiscard]] std::string_view to_text(SystemSlot slot);  ///< `A`, `B`
[[nodiscard]] std::string_view to_text(SlotTrust trust);
[[nodiscard]] std::string_view to_text(SlotFault fault);
[[nodiscard]] std::optional<SystemSlot> parse_slot(std::string_view text);
[[nodiscard]] std::optional<SlotTrust> parse_slot_trust(std::string_view text);
/// The two slots hold two versions of this program: one that a newer version wrote is `unknown`.
[[nodiscard]] SlotFault parse_slot_fault(std::string_view text);

/// Of a board that was never updated: A is sure, B is empty.
[[nodiscard]] SlotState make_factory_state();
/// Of a board whose state was lost while `running` runs: nothing is sure until it has been confirmed.
[[nodiscard]] SlotState make_lost_state(SystemSlot running);

/// True if `target` may be written: the other slot is sure, so that one is left whatever happens.
[[nodiscard]] bool may_install(const SlotState& state, SystemSlot target);
/// Before the first byte is written into `target`: it is empty, and the other one is to start.
[[nodiscard]] SlotState begin_install(const SlotState& state, SystemSlot target);
/// After `target` was written and flushed: it is unsure, and to start.
[[nodiscard]] SlotState finish_install(const SlotState& state, SystemSlot target);
/// `running` has played for long enough: it is sure, and stays the one that starts. The other slot, if it was
/// to start and was unsure, has used up its starts: that is why `running` runs.
[[nodiscard]] SlotState confirm_slot(const SlotState& state, SystemSlot running);
/// What to write as soon as `running` has started, before it has played; none: nothing. A lost state is made
/// new; an unsure slot that was to start, while the sure one runs, has used up its starts.
[[nodiscard]] std::optional<SlotState> settle_start(const std::optional<SlotState>& state,
                                                    SystemSlot running);
/// `slot` cannot be used: it has failed because of `fault` (not none), and the other one is to start. None if
/// it has failed before: a board whose two slots have failed starts them in turn and writes nothing for that.
[[nodiscard]] std::optional<SlotState> give_up_slot(const SlotState& state, SystemSlot slot, SlotFault fault);

}  // namespace riverlight::firmware

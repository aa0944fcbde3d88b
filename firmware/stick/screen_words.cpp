#include "firmware/stick/screen_words.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace riverlight::firmware {
namespace {

struct Wording {
    std::string_view language;  ///< the first part of a tag
    std::string_view reading, done, failed;
};

/// Each says: what goes on, and that the stick is to stay in; that all is well and it may be taken out; that
/// it could not be taken, and that the programme goes on. The status page has the details.
constexpr std::array wordings{
    Wording{"en", "Taking the update from the USB stick. Please leave it in.",
            "The update is here. You can take the USB stick out.",
            "The USB stick could not be read. The programme goes on."},
    Wording{"km", "កំពុងទទួលយកទិន្នន័យពី USB។ សូមកុំដកចេញ។", "ទទួលបានហើយ។ អាចដក USB ចេញបាន។",
            "អាន USB មិនបានទេ។ កម្មវិធីនៅបន្តចាក់ផ្សាយ។"},
    Wording{"lo", "ກຳລັງຮັບຂໍ້ມູນຈາກ USB. ກະລຸນາຢ່າຖອດອອກ.", "ຮັບຂໍ້ມູນແລ້ວ. ຖອດ USB ອອກໄດ້.",
            "ອ່ານ USB ບໍ່ໄດ້. ລາຍການຍັງສືບຕໍ່."},
    Wording{"my", "USB မှ အချက်အလက်များ ရယူနေပါသည်။ မဖြုတ်ပါနှင့်။", "ရယူပြီးပါပြီ။ USB ကို ဖြုတ်နိုင်ပါသည်။",
            "USB ကို ဖတ်၍မရပါ။ အစီအစဉ် ဆက်လက်ပြသပါမည်။"},
    Wording{"th", "กำลังรับข้อมูลจาก USB กรุณาอย่าถอดออก", "รับข้อมูลเรียบร้อยแล้ว ถอด USB ออกได้",
            "อ่าน USB ไม่ได้ รายการยังคงเล่นต่อไป"},
    Wording{"vi", "Đang nhận dữ liệu từ USB. Xin đừng rút ra.", "Đã nhận xong. Có thể rút USB ra.",
            "Không đọc được USB. Chương trình vẫn tiếp tục."},
    Wording{"zh", "正在从U盘接收更新，请勿拔出。", "更新已完成，可以拔出U盘。",
            "无法读取U盘，节目继续播放。"},
};

const Wording* wording_in(std::string_view tag) {
    const auto language = tag.substr(0, tag.find('-'));
    const auto* found = std::find_if(wordings.begin(), wordings.end(),
                                     [&](const Wording& w) { return w.language == language; });
    return found == wordings.end() ? nullptr : found;
}

}  // namespace

ScreenWords screen_words(const StickNote& note, const std::vector<std::string>& languages) {
    const auto* wording = wordings.data();
    std::string locale = "en";
    for (const auto& tag : languages) {
        if (const auto* found = wording_in(tag)) {
            wording = found;
            locale = tag;
            break;
        }
    }
    auto text = std::string(note.state == StickNote::State::reading ? wording->reading
                            : note.state == StickNote::State::done  ? wording->done
                                                                    : wording->failed);
    if (note.state == StickNote::State::reading && note.percent)
        text += ' ' + std::to_string(*note.percent) + " %";
    return {std::move(text), std::move(locale)};
}

std::optional<StickNote> StickOnScreen::seen(const std::optional<StickNote>& note,
                                             std::int64_t monotonic_us) {
    const bool first = !begun_;
    begun_ = true;
    if (!note) return {};
    if (note->state == StickNote::State::reading) {
        until_us_.reset();
        last_ = {};
        return note;
    }
    const bool news = note->at != last_ && !first;
    last_ = note->at;
    if (news) until_us_ = monotonic_us + stays_us;
    if (!until_us_ || monotonic_us >= *until_us_) return {};
    return note;
}

}  // namespace riverlight::firmware

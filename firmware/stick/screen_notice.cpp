#include "firmware/stick/screen_notice.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace riverlight::firmware {
namespace {

struct NoticeWording {
    std::string_view language;  ///< the first part of a tag
    std::string_view reading, done, failed;
};

/// `reading` asks to leave the stick in, `done` allows to take it out, `failed` says that the programme
/// continues. The status page has the details.
constexpr std::array wordings{
    NoticeWording{"en", "Taking the update from the USB stick. Please leave it in.",
                  "The update is here. You can take the USB stick out.",
                  "The USB stick could not be read. The programme goes on."},
    NoticeWording{"km", "កំពុងទទួលយកទិន្នន័យពី USB។ សូមកុំដកចេញ។", "ទទួលបានហើយ។ អាចដក USB ចេញបាន។",
                  "អាន USB មិនបានទេ។ កម្មវិធីនៅបន្តចាក់ផ្សាយ។"},
    NoticeWording{"lo", "ກຳລັງຮັບຂໍ້ມູນຈາກ USB. ກະລຸນາຢ່າຖອດອອກ.", "ຮັບຂໍ້ມູນແລ້ວ. ຖອດ USB ອອກໄດ້.",
                  "ອ່ານ USB ບໍ່ໄດ້. ລາຍການຍັງສືບຕໍ່."},
    NoticeWording{"my", "USB မှ အချက်အလက်များ ရယူနေပါသည်။ မဖြုတ်ပါနှင့်။", "ရယူပြီးပါပြီ။ USB ကို ဖြုတ်နိုင်ပါသည်။",
                  "USB ကို ဖတ်၍မရပါ။ အစီအစဉ် ဆက်လက်ပြသပါမည်။"},
    NoticeWording{"th", "กำลังรับข้อมูลจาก USB กรุณาอย่าถอดออก", "รับข้อมูลเรียบร้อยแล้ว ถอด USB ออกได้",
                  "อ่าน USB ไม่ได้ รายการยังคงเล่นต่อไป"},
    NoticeWording{"vi", "Đang nhận dữ liệu từ USB. Xin đừng rút ra.", "Đã nhận xong. Có thể rút USB ra.",
                  "Không đọc được USB. Chương trình vẫn tiếp tục."},
    NoticeWording{"zh", "正在从U盘接收更新，请勿拔出。", "更新已完成，可以拔出U盘。",
                  "无法读取U盘，节目继续播放。"},
};

const NoticeWording* wording_in(std::string_view tag) {
    const auto language = tag.substr(0, tag.find('-'));
    const auto* found = std::find_if(wordings.begin(), wordings.end(),
                                     [&](const NoticeWording& w) { return w.language == language; });
    return found == wordings.end() ? nullptr : found;
}

std::string_view text_for(StickNote::State state, const NoticeWording& wording) {
    switch (state) {
        case StickNote::State::reading:
            return wording.reading;
        case StickNote::State::done:
            return wording.done;
        case StickNote::State::failed:
            return wording.failed;
    }
    return {};
}

}  // namespace

std::vector<std::string> languages_of(const content::Place& place) {
    std::vector<std::string> languages;
    for (const auto& share : place.languages) {
        languages.push_back(share.language);
        languages.insert(languages.end(), share.fallback.begin(), share.fallback.end());
    }
    return languages;
}

ScreenNotice screen_notice_for(const StickNote& note, const std::vector<std::string>& languages) {
    const auto* wording = wordings.data();
    std::string locale = "en";
    for (const auto& tag : languages) {
        if (const auto* found = wording_in(tag)) {
            wording = found;
            locale = tag;
            break;
        }
    }
    std::string text(text_for(note.state, *wording));
    if (note.state == StickNote::State::reading && note.percent)
        text += ' ' + std::to_string(*note.percent) + " %";
    return {std::move(text), std::move(locale)};
}

std::optional<StickNote> ScreenNoticeTimer::update(const std::optional<StickNote>& note, MonotonicTime now) {
    const bool first = !std::exchange(started_, true);
    if (!note) return {};
    if (note->state == StickNote::State::reading) {
        until_.reset();
        finished_.reset();
        return note;
    }
    const bool news = note->at != finished_ && !first;
    finished_ = note->at;
    if (news) until_ = now + shown_after;
    if (!until_ || now >= *until_) return {};
    return note;
}

}  // namespace riverlight::firmware

#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "content/base/error.hpp"

/// The user that a player runs as where root starts it.
namespace riverlight::player {

/// Why a player keeps the user that started it.
enum class UserFault : std::uint8_t {
    unknown,       ///< the system has no such user, or it is root
    cannot_read,   ///< the user may not read what the outlet needs
    cannot_write,  ///< the user may not write where the outlet must, or not use its devices
    refused,       ///< the kernel does not let this process become the user
};
using UserError = Refused<UserFault>;

/// What an outlet needs of the file system, to be usable by another user.
struct UserNeeds {
    std::vector<std::string> read;     ///< folders and files; those that do not exist are ignored
    std::vector<std::string> folders;  ///< the player's own: they, and the files in them, become the user's
    std::vector<std::string> outputs;  ///< folders that it fills: the same, as far as they are root's
    std::vector<std::string> files;    ///< written in folders of others: the same
    std::vector<std::string> devices;  ///< device files, and folders of them: their groups become the user's
    bool low_ports = false;            ///< may listen on ports below 1024, as root may
};

/// Makes this process one of the user `name` for good, without capabilities; checks first that the user can
/// do what `needs` says. Call it before other threads exist. Throws UserError, and then the process still is
/// what it was. Only root may call it.
void become_user(const std::string& name, const UserNeeds& needs);

/// Gives up root's capabilities for good, for a player that stays root. It may still read and write the files
/// of other users, and use low ports if `low_ports`. Call it before other threads exist. Only root may call
/// it. Throws UserError.
void renounce_capabilities(bool low_ports);

}  // namespace riverlight::player

"""An SFTP server on loopback, by AsyncSSH. It serves this machine's files to whoever has the one key."""
import asyncio
import threading

import asyncssh


class SftpServer:
    """Makes the keys `host` and `user`, with `.pub`, in a folder, and serves until close()."""

    def __init__(self, folder):
        for name in ("host", "user"):
            key = asyncssh.generate_private_key("ssh-ed25519")
            key.write_private_key(folder / name)
            key.write_public_key(folder / f"{name}.pub")
            (folder / name).chmod(0o600)
        self.loop = asyncio.new_event_loop()
        started = threading.Event()

        async def serve():
            self.server = await asyncssh.listen("127.0.0.1", 0, server_host_keys=[str(folder / "host")],
                                                authorized_client_keys=str(folder / "user.pub"), sftp_factory=True)
            self.port = self.server.sockets[0].getsockname()[1]
            started.set()

        def run():
            self.loop.run_until_complete(serve())
            self.loop.run_forever()

        self.thread = threading.Thread(target=run, daemon=True)
        self.thread.start()
        assert started.wait(30), "the SFTP server did not start"

    def close(self):
        self.loop.call_soon_threadsafe(self.server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

// The browser for CATAPULT's LMS test suite: the installed one, which believes the certificate that a server made
// for itself.
module.exports = {
  launch: {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    ignoreHTTPSErrors: true,
    args: ['--no-sandbox', '--disable-gpu']
  }
}

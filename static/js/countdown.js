// Ticks what the server wrote, in the server's words (resellers/templatetags/moments.py).
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

const span = (seconds) => {
  const days = Math.floor(seconds / DAY);
  const hours = Math.floor((seconds % DAY) / HOUR);
  const minutes = Math.floor((seconds % HOUR) / MINUTE);
  if (days) {
    const words = days === 1 ? "1 day" : `${days} days`;
    return hours && days < 30 ? `${words} ${hours} h` : words;
  }
  if (hours) return minutes ? `${hours} h ${minutes} min` : `${hours} h`;
  return `${Math.max(minutes, 1)} min`;
};

const relative = (seconds) => {
  const size = Math.abs(seconds);
  if (size < MINUTE) return "just now";
  const days = Math.floor(size / DAY);
  let words = days === 1 ? "1 day" : `${days} days`;
  if (size < HOUR) words = `${Math.floor(size / MINUTE)} min`;
  else if (size < DAY) words = `${Math.floor(size / HOUR)} h`;
  return seconds > 0 ? `in ${words}` : `${words} ago`;
};

const left = (time) => Math.trunc((Date.parse(time.dateTime) - Date.now()) / 1000);

const write = (time, words) => {
  if (time.textContent !== words) time.textContent = words;
};

const tick = () => {
  for (const time of document.querySelectorAll("time[data-countdown]")) {
    const seconds = left(time);
    const words = span(Math.abs(seconds));
    const overdue = seconds <= 0;
    const soon = seconds <= Number(time.dataset.soonSeconds);
    time.dataset.state = overdue ? "overdue" : soon ? "soon" : "open";
    write(time, overdue ? `overdue by ${words}` : `${words} left`);
  }
  for (const time of document.querySelectorAll("time[data-relative]")) {
    const seconds = left(time);
    if (Math.abs(seconds) < 30 * DAY) write(time, relative(seconds));
  }
};

setInterval(tick, 20000);

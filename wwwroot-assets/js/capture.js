// Camera and microphone: which, how much, and why not.
const STORE = "vet:media";
const USUAL = { microphone: "", camera: "", mode: "all" };

/** What was chosen in this browser; null where nothing was. */
export function chosen() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORE));
    return kept && { ...USUAL, ...kept };
  } catch { return null; }
}

export function choose(choice) { try { localStorage.setItem(STORE, JSON.stringify({ ...(chosen() ?? USUAL), ...choice })); } catch { /* a browser that keeps nothing */ } }

/** What to ask the browser for; false for nothing. "none" is a choice too. */
export function wishOf(kind, id, mode) {
  if (id === "none" || (kind === "camera" && mode === "sound")) return false;
  const which = id ? { deviceId: { ideal: id } } : {};
  if (kind === "microphone") return { ...which, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  const [width, height, frames] = mode === "low" ? [320, 180, 12] : [640, 360, 24];
  return { ...which, width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: frames, max: 30 } };
}

/** What a sender is to keep to: so that five pictures at once go through an ordinary line, or through a thin one. */
export function limitsOf(kind, mode, isScreen = false) {
  if (kind === "audio") return { maxBitrate: mode === "low" ? 20_000 : 40_000 };
  if (isScreen) return { maxBitrate: mode === "low" ? 300_000 : 1_200_000, maxFramerate: mode === "low" ? 3 : 10, scaleResolutionDownBy: mode === "low" ? 2 : 1 };
  return { maxBitrate: mode === "low" ? 90_000 : 500_000, maxFramerate: mode === "low" ? 12 : 24, scaleResolutionDownBy: mode === "low" ? 2 : 1 };
}

/** Why a device could not be opened, as one of a few words. */
export function reasonOf(error) {
  switch (error?.name) {
    case "NotAllowedError": case "SecurityError": return "denied";
    case "NotFoundError": case "OverconstrainedError": return "none";
    case "NotReadableError": case "AbortError": return "taken";
    case "Insecure": return "insecure";
    default: return "other";
  }
}

/** That as a sentence. */
export const sentenceOf = (words, reason, thing) => words[`Error_${reason}`].replace("{0}", words[`Thing_${thing}`]);

async function ask(wish) {
  // Pages without encryption have nothing there.
  if (!navigator.mediaDevices?.getUserMedia) throw Object.assign(new Error(), { name: "Insecure" });
  try { return (await navigator.mediaDevices.getUserMedia(wish)).getTracks(); } catch (error) {
    if (reasonOf(error) !== "taken") throw error;
    // By the page before this one, which is closing: a moment later it is free.
    await new Promise(resolve => setTimeout(resolve, 700));
    return (await navigator.mediaDevices.getUserMedia(wish)).getTracks();
  }
}

/** Opens what is wished for: both at once, so that one is asked once; where that fails each by itself. Answers with tracks, and with what failed and why. */
export async function open({ microphone, camera, mode }) {
  const audio = wishOf("microphone", microphone, mode), video = wishOf("camera", camera, mode);
  const answer = { microphone: null, camera: null, failed: [] };
  const keep = tracks => { for (const track of tracks) answer[track.kind === "audio" ? "microphone" : "camera"] = track; };
  if (!audio && !video) return answer;
  try { keep(await ask({ audio, video })); } catch (error) {
    if (!audio || !video) answer.failed.push({ thing: audio ? "microphone" : "camera", reason: reasonOf(error) });
    else {
      const each = async (thing, wish) => { try { keep(await ask(wish)); } catch (one) { answer.failed.push({ thing, reason: reasonOf(one) }); } };
      await each("microphone", { audio });
      await each("camera", { video });
      const [first, second] = answer.failed;
      if (second && first.reason === second.reason) answer.failed = [{ thing: "both", reason: first.reason }];
    }
  }
  return answer;
}

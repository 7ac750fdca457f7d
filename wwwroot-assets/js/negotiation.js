// Perfect negotiation, as the specification of WebRTC has it: both sides may offer at any moment, and where they do so at once, the polite one takes its offer back.

export class Negotiation {
  #pc; #polite; #send; #dress; #offering = false; #settling = false; #ignoring = false; #timer = 0;

  /**
   * @param pc the RTCPeerConnection
   * @param polite whether this side gives way
   * @param send (kind, text) => Promise: passes a signal on
   * @param dress () => Promise: what this side does before it answers
   */
  constructor(pc, polite, send, dress = async () => {}) {
    this.#pc = pc;
    this.#polite = polite;
    this.#send = send;
    this.#dress = dress;
    pc.onnegotiationneeded = () => this.#offer();
    pc.onicecandidate = ({ candidate }) => candidate && this.#tell("candidate", JSON.stringify(candidate));
  }

  /** A signal of the other side. What makes no sense is as if it had not come. */
  async take(kind, text) {
    try {
      if (kind === "candidate") await this.#candidate(text);
      else if (kind === "offer" || kind === "answer") await this.#description(kind, text);
    } catch { /* the other browser is not ours to trust */ }
  }

  /** Something may have got lost on the way: what is open is said once more, and what does not hold is tried anew. */
  again() {
    if (this.#pc.signalingState === "closed") return;
    if (this.#pc.signalingState === "have-local-offer") this.#tell("offer", this.#pc.localDescription.sdp);
    else if (this.#pc.signalingState === "stable" && this.#pc.remoteDescription && this.#pc.connectionState !== "connected") this.#pc.restartIce();
  }

  close() {
    clearTimeout(this.#timer);
    this.#pc.onnegotiationneeded = this.#pc.onicecandidate = null;
    this.#pc.close();
  }

  async #offer() {
    try {
      this.#offering = true;
      await this.#pc.setLocalDescription();
      await this.#tell(this.#pc.localDescription.type, this.#pc.localDescription.sdp);
    } catch { /* closed meanwhile */ } finally { this.#offering = false; }
  }

  async #candidate(text) {
    try { await this.#pc.addIceCandidate(JSON.parse(text)); } catch (error) { if (!this.#ignoring) throw error; }
  }

  async #description(kind, sdp) {
    const ready = !this.#offering && (this.#pc.signalingState === "stable" || this.#settling);
    this.#ignoring = !this.#polite && kind === "offer" && !ready;
    if (this.#ignoring) return;
    this.#settling = kind === "answer";
    try { await this.#pc.setRemoteDescription({ type: kind, sdp }); } finally { this.#settling = false; }
    if (kind !== "offer") return;
    await this.#dress();
    await this.#pc.setLocalDescription();
    await this.#tell(this.#pc.localDescription.type, this.#pc.localDescription.sdp);
  }

  // Refused, for too many at once or because the other's line is lost: a moment later again.
  async #tell(kind, text) {
    try { await this.#send(kind, text); } catch {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.again(), 3000);
    }
  }
}

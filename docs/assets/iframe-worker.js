// A page that is read from the disk may start no worker. There the search runs in a hidden frame, which
// takes and gives the same messages.
if (location.protocol === "file:") {
  window.Worker = class {
    constructor(script) {
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.body.append(this.frame);
      const inside = this.frame.contentWindow;
      inside.postMessage = (data) => this.onmessage && this.onmessage({ data });
      this.loaded = new Promise((resolve) => {
        const code = inside.document.createElement("script");
        code.src = new URL(script, location.href);
        code.onload = () => resolve(inside);
        code.onerror = (event) => this.onerror && this.onerror(event);
        inside.document.body.append(code);
      });
    }
    postMessage(data) {
      this.loaded.then((inside) => inside.onmessage({ data }));
    }
    terminate() {
      this.frame.remove();
    }
  };
}

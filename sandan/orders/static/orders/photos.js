// Photos: made smaller before they are sent, because a phone's upload is slow, and seen before. Pages work without it.

const LONGEST_EDGE = 2000; // of a photo that is sent, in pixels; the server keeps 1600
const WORTH_SHRINKING = 1.5 * 1024 * 1024; // smaller files go as they are, with where and when they were taken

async function smaller(file) {
  if (file.size < WORTH_SHRINKING || !/^image\/(jpeg|png|webp)$/.test(file.type)) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_EDGE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return made && made.size < file.size ? new File([made], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file; // no picture: the server says so in words
  }
}

function preview(file) {
  const line = document.createElement("li"), image = document.createElement("img"), frame = document.createElement("span");
  frame.className = "photo";
  image.src = URL.createObjectURL(file);
  image.alt = file.name;
  frame.append(image);
  line.append(frame);
  return line;
}

for (const box of document.querySelectorAll("[data-photos]")) {
  const chooser = box.querySelector("input[type=file]"), shelf = box.querySelector("[data-previews]") ?? document.querySelector("[data-previews]");
  box.classList.add("neat");
  chooser.addEventListener("change", async () => {
    chooser.form.inert = true;
    const files = [];
    for (const file of chooser.files) files.push(await smaller(file)); // one after the other: a phone has little memory
    const carrier = new DataTransfer();
    for (const file of files) carrier.items.add(file);
    chooser.files = carrier.files;
    chooser.form.inert = false;
    for (const image of shelf.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    shelf.replaceChildren(...files.filter((file) => file.type.startsWith("image/")).map(preview));
    shelf.hidden = !shelf.children.length;
    chooser.focus();
  });
}

// The driver's phone reads codes with its camera; without this script they are typed, or scanned by a reader.
import { offerCamera } from "./desk-camera.js";

const form = document.querySelector("form.scanning");
const field = document.getElementById("code");

offerCamera((code) => {
  field.value = code;
  form.requestSubmit();
}, { noCamera: form.dataset.noCamera });
form.querySelector(".listening").hidden = false;
// The page leads to the stop where the van is: a browser then leaves the focus alone, and a reader types nowhere.
field.focus({ preventScroll: true });
